// atelier eval, sample and play: what a trained run can do.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "experiments/commands.h"

namespace experiments {

using Values = std::map<std::string, double>;  // by metric

// What run/<policy>.h5 reaches; agents play `episodes`, episode i from reset(seed + i).
Values evaluate_checkpoint(const std::filesystem::path& run, const std::string& policy, int64_t episodes,
                           int64_t seed);

int eval(const EvalCommand& command);
int sample(const SampleCommand& command);
// Fresh episodes of a trained policy into an episodes file, for watch.
int play(const PlayCommand& command);

}  // namespace experiments
