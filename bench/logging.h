// What logging costs.
#pragma once

namespace bench {

// CPU seconds of cartpole_reinforce with a row at every step and with none at all, side by side, median of 15
// pairs. Returns the exit code.
int logging(bool json);

}  // namespace bench
