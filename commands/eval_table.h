// What evaluations found, as a table or as JSON.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "commands/evaluate.h"

namespace commands {

// One run's checkpoints, examined.
struct Result {
  std::filesystem::path run;
  std::string seed;
  std::map<std::string, EvalResult> by_policy;
};

// One table for the seeds of one experiment: a row for each metric, checkpoint and seed with mean and
// deviation over its episodes and the 95 % interval of that mean, and one over all seeds.
void print_results(std::ostream& out, const std::vector<Result>& seeds, const EvalCommand& command);
nlohmann::json as_json(const std::vector<Result>& results);

}  // namespace commands
