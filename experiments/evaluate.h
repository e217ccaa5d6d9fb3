// atelier eval, sample and play: what a trained run can do.
#pragma once

#include "experiments/commands.h"

namespace experiments {

int eval(const EvalCommand& command);
int sample(const SampleCommand& command);
// Fresh episodes of a trained policy into an episodes file, for watch.
int play(const PlayCommand& command);

}  // namespace experiments
