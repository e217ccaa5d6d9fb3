#include "bench/solving.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/clock.h"
#include "bench/program.h"
#include "core/error.h"
#include "core/run_log.h"

namespace bench {

namespace {

constexpr double solved = 475, solving_goal = 1;  // Gymnasium's threshold of CartPole-v1; seconds

std::vector<std::string> words(int seed, const std::string& out) {
  return {
      "run", experiment("cartpole_openai_es"), fmt::format("seed={}", seed), "--quiet", "--force", "--out",
      out};
}

int64_t generations_until_solved(int seed, const std::string& out) {
  cpu_seconds(words(seed, out));
  for (const core::Row& row : core::RunFile(out).rows("eval/return_greedy"))
    if (row.value >= solved) return row.step;
  throw core::Error(fmt::format("cartpole_openai_es, seed {}: does not reach {}", seed, solved));
}

// One that knows when to stop and does not look before.
std::vector<std::string> blind() {
  return {"eval.every={steps: 1000000000}", "checkpoint.every={steps: 1000000000}", "eval.episodes=1"};
}

double seconds_of(int seed, int64_t generations, const std::vector<std::string>& more,
                  const std::string& out) {
  std::vector<std::string> all = words(seed, out);
  all.push_back(fmt::format("train.steps={}", generations));
  all.insert(all.end(), more.begin(), more.end());
  return cpu_seconds(all);
}

}  // namespace

int solving(bool json) {
  const Folder folder;
  const std::string run = folder / "run";
  std::vector<double> told, learning, looking;
  for (int seed = 0; seed < 10; ++seed) {
    const int64_t generations = generations_until_solved(seed, run);
    told.push_back(seconds_of(seed, generations, blind(), run));
    learning.push_back(std::max(0.0, told.back() - seconds_of(seed, 1, blind(), run)));
    looking.push_back(seconds_of(seed, generations, {}, run));
  }
  const double most = *std::max_element(told.begin(), told.end());
  if (json)
    fmt::print(
        "{{\"bench\": \"solving\", \"told_when_s\": {:.2f}, \"max_s\": {:.2f}, \"learning_s\": {:.2f}, "
        "\"evaluated_s\": {:.2f}, \"goal_s\": {}}}\n",
        median(told), most, median(learning), median(looking), solving_goal);
  else
    fmt::print(
        "solving, OpenAI-ES on CartPole to {}, told beforehand in which generation to stop: {:.2f} CPU "
        "seconds "
        "with the program's start, {:.2f} after it (10 seeds, the slowest {:.2f}; goal < {})\n"
        "solving, with 50 episodes of evaluation after each generation, which find that out: {:.2f} CPU "
        "seconds\n",
        solved, median(told), median(learning), most, solving_goal, median(looking));
  return 0;
}

}  // namespace bench
