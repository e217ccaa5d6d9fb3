// What it costs a run to be watched, and how fast the window draws. Needs a display (xvfb-run gives one).
#pragma once

namespace bench {

// Wall seconds of a training run with and without a window that follows it, pictures a second of CartPole and
// LunarLander, and the time to the first picture of a run of 10,000 episodes. Returns the exit code.
int watching(bool json);

}  // namespace bench
