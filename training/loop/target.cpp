#include "training/loop/target.h"

#include <sstream>
#include <stdexcept>

#include "core/error.h"

namespace training {

std::string Target::str() const {
  return fmt::format("{} {} {}", metric, at_least ? ">=" : "<=", core::print_number(value));
}

void TargetOptions::fields(core::Fields& f) {
  f.add("reach", reach,
        "What must be reached on held-out episodes or data, e.g. [eval/return_greedy >= 475] or "
        "[test/accuracy >= 0.9]");
  f.add("share", share, "Part of the seeds that must reach all of it", {.min = 0, .max = 1, .above = true});
  f.choice("checkpoint", checkpoint, "By best.h5, or by last.h5 as the run's end left it", {"best", "last"});
  f.add("judge", judge,
        "Models of pictures: experiment file of the classifier that judges them, for metrics judge/...");
  f.add(
      "budget", budget,
      "What its source spent, e.g. {env_steps: 100k}: a run that spends more has not reached it; 0: not told",
      {.min = 0});
  f.add("source", source, "Where the target comes from, and how it was measured there");
}

static Target parse(const std::string& text, const std::string& where) {
  std::istringstream words(text);
  std::string metric, sign, number, rest;
  words >> metric >> sign >> number;
  const bool whole = (sign == ">=" || sign == "<=") && !(words >> rest);
  try {
    if (whole) return {metric, sign == ">=", core::parse_number(number)};
  } catch (const std::invalid_argument&) {  // the error below says it
  }
  core::fail("{}target.reach: expected 'METRIC >= NUMBER' or 'METRIC <= NUMBER', found '{}'", where, text);
}

std::vector<Target> TargetOptions::targets(const std::string& where) const {
  std::vector<Target> targets;
  for (const std::string& text : reach) targets.push_back(parse(text, where));
  return targets;
}

}  // namespace training
