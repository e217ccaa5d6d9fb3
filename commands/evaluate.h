// atelier eval and sample: what a trained run can do.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "commands/commands.h"

namespace commands {

using Values = std::map<std::string, double>;  // by metric

struct Judge;  // commands/judge.h

// What a checkpoint is asked: agents play `episodes`, episode i from reset(seed + i); a judge looks at
// pictures.
struct EvalSettings {
  int64_t episodes;
  uint64_t seed;
  Judge* judge = nullptr;
};
struct EvalResult {
  Values values;
  Values deviations;  // of the metrics that are means over episodes
};
// What run/<policy>.h5 answers.
EvalResult evaluate_checkpoint(const std::filesystem::path& run, const std::string& policy,
                               const EvalSettings& settings);

int eval(const EvalCommand& command);
int sample(const SampleCommand& command);

}  // namespace commands
