#include "bench/reporting.h"

#include <fmt/format.h>

#include <cmath>

#include "bench/clock.h"
#include "bench/program.h"
#include "core/run_log.h"

namespace bench {

namespace {

constexpr int seeds = 10, rows = 1'000'000, times = 5;
constexpr double report_goal = 1;  // seconds

void write_run(const std::string& folder, int seed) {
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(folder,
                                  {{"name", "many"},
                                   {"learner", "none"},
                                   {"kind", "agent"},
                                   {"seed", std::to_string(seed)},
                                   {"score", "eval/return_greedy"}},
                                  fmt::format("name: many\nseed: {}\n", seed),
                                  {{"eval/return_greedy", "reward", "A return", false}});
  for (int64_t step = 1; step <= rows; ++step)
    log.log("eval/return_greedy", {step, 10 * step, 0, 1e-4 * static_cast<double>(step),
                                   std::sin(1e-5 * static_cast<double>(step) + seed)});
  log.set("status", "finished");
  log.flush();
}

double report_seconds(const std::vector<std::string>& more, const std::string& runs) {
  std::vector<std::string> words{"report", runs};
  words.insert(words.end(), more.begin(), more.end());
  std::vector<double> seconds;
  for (int k = 0; k < times; ++k) seconds.push_back(wall_seconds(words));
  return median(seconds);
}

}  // namespace

int reporting(bool json) {
  const Folder folder;
  for (int seed = 0; seed < seeds; ++seed) write_run(folder / fmt::format("many/seed-{}", seed), seed);
  const double table = report_seconds({}, folder / "many"),
               page = report_seconds({"--out", folder / "page.html"}, folder / "many");
  if (json)
    fmt::print("{{\"bench\": \"reporting\", \"table_s\": {:.2f}, \"page_s\": {:.2f}, \"goal_s\": {}}}\n",
               table, page, report_goal);
  else
    fmt::print(
        "reporting: {:.2f} s for the table of {} seeds of {} rows (median of {}; goal < {} s), {:.2f} s with "
        "the "
        "page of curves\n",
        table, seeds, rows, times, report_goal, page);
  return 0;
}

}  // namespace bench
