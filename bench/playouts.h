// How fast two-player boards are searched.
#pragma once

namespace bench {

// Playouts of the tree search and of random players, per CPU second of one core, from the empty board.
int playouts(bool json);

}  // namespace bench
