// run.h5 as others read it while it is written.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::live_run {

// Rows without end, a chunk of them every few flushes.
[[noreturn]] static void write_without_end(const std::filesystem::path& folder) {
  core::RunLog log =
      core::RunLog::create(folder, {{"name", "trial"}, {"seed", "7"}}, "name: trial\nseed: 7\n",
                           {{"train/loss", "nats", "The loss", false}});
  for (int64_t step = 1;; ++step) {
    log.log("train/loss", {step, 2 * step, 0, 0, static_cast<double>(3 * step)});
    if (step % 370 != 0) continue;
    log.flush();
    usleep(1000);
  }
}

// The first row that is not 1, 2, 3, ... of its steps, or that is another's; 0: none.
static int64_t first_wrong(const std::vector<core::Row>& rows) {
  for (int64_t i = 0; i < std::ssize(rows); ++i) {
    const core::Row& row = rows[static_cast<size_t>(i)];
    const bool whole = row.env_steps == 2 * row.step && row.value == static_cast<double>(3 * row.step);
    if (row.step != i + 1 || !whole) return i + 1;
  }
  return 0;
}

TEST_CASE("whoever reads a run that goes on misses no row of it, however fast it is written", "[core]") {
  const Scratch scratch;
  const pid_t child = fork();
  if (child == 0) write_without_end(scratch.folder);
  const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!std::filesystem::exists(scratch / "run.h5")) usleep(1000);
  int reads = 0, wrong = 0;
  int64_t longest = 0;
  while ((reads < 12 || longest < 8000) && std::chrono::steady_clock::now() < over) {
    const core::RunFile file(scratch.folder);
    if (file.metrics().empty()) continue;  // it has just been made
    usleep(1000);                          // a chunk may be full meanwhile
    const std::vector<core::Row> rows = file.rows("train/loss");
    std::vector<core::Row> visited;
    file.each([&](const std::string& metric, const core::Rows& all) {
      for (size_t i = 0; metric == "train/loss" && i < all.size(); ++i) visited.push_back(all[i]);
    });
    const auto last = file.last_row("train/loss");
    wrong += first_wrong(rows) != 0 || first_wrong(visited) != 0 || visited.size() < rows.size();
    wrong += !rows.empty() && (!last || last->step < rows.back().step);
    longest = std::max(longest, static_cast<int64_t>(rows.size()));
    ++reads;
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  INFO(reads << " reads of " << longest << " rows at most");
  CHECK(wrong == 0);
  CHECK(reads >= 12);
  CHECK(longest >= 8000);  // two chunks
}

}  // namespace tests::live_run
