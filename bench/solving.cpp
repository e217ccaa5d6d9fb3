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

double seconds_of(int seed, int64_t generations, const std::string& out) {
  std::vector<std::string> all = words(seed, out);
  for (const std::string& word :
       {fmt::format("train.steps={}", generations), std::string("eval.every={steps: 1000000000}"),
        std::string("checkpoint.every={steps: 1000000000}"), std::string("eval.episodes=1")})
    all.push_back(word);
  return cpu_seconds(all);
}

}  // namespace

int solving(bool json) {
  const Folder folder;
  const std::string run = folder / "run";
  std::vector<double> whole, learning;
  for (int seed = 0; seed < 10; ++seed) {
    const int64_t generations = generations_until_solved(seed, run);
    whole.push_back(seconds_of(seed, generations, run));
    learning.push_back(std::max(0.0, whole.back() - seconds_of(seed, 1, run)));
  }
  const double most = *std::max_element(whole.begin(), whole.end());
  if (json)
    fmt::print(
        "{{\"bench\": \"solving\", \"median_s\": {:.2f}, \"max_s\": {:.2f}, \"learning_s\": {:.2f}, "
        "\"goal_s\": {}}}\n",
        median(whole), most, median(learning), solving_goal);
  else
    fmt::print(
        "solving, OpenAI-ES on CartPole to {}: {:.2f} CPU seconds with the program's start, {:.2f} after it "
        "(10 seeds, the slowest {:.2f}; goal < {})\n",
        solved, median(whole), median(learning), most, solving_goal);
  return 0;
}

}  // namespace bench
