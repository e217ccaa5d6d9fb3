// atelier-torch play: a trained policy's fresh episodes, one for each that `watch` asks for.
#pragma once

#include "commands/commands.h"

namespace commands {

// Each line that comes in asks for one more episode, greedy, episode k from reset(seed + k); the end of the
// lines ends it. A checkpoint that training has replaced meanwhile is read anew.
int play(const PlayCommand& command);

}  // namespace commands
