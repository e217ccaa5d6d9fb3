// run.h5 as others read it while it is written.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <sstream>

#include "analysis/verify.h"
#include "core/journal.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::live_run {

using Catch::Matchers::ContainsSubstring;

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

// What a flush that is killed leaves behind: the file as it was, and the pages that it would have become.
static core::Journal between(const std::string& before, const std::string& after) {
  core::Journal journal{.size = after.size(), .pages = {}, .before = {}};
  for (size_t at = 0; at < after.size(); at += core::page_size) {
    core::Page old{}, young{};
    const auto fill = [&](const std::string& from, core::Page& page) {
      if (at < from.size())
        std::memcpy(page.data(), from.data() + at, std::min(core::page_size, from.size() - at));
    };
    fill(before, old);
    fill(after, young);
    if (old == young) continue;
    journal.pages[at / core::page_size] = young;
    journal.before[at / core::page_size] = core::sum_of(old);
  }
  return journal;
}

static core::RunLog begin_run(const std::filesystem::path& folder, const std::string& seed) {
  return core::RunLog::create(folder, {{"name", "trial"}, {"seed", seed}}, "seed: " + seed + "\n",
                              {{"train/loss", "nats", "The loss", false}});
}

static void log_steps(core::RunLog& log, int64_t first, int64_t last) {
  for (int64_t step = first; step <= last; ++step)
    log.log("train/loss", {step, 2 * step, 0, 0, static_cast<double>(3 * step)});
  log.flush();
}

TEST_CASE("a journal is read wherever its writer was killed, and none of another state", "[core]") {
  const Scratch scratch;
  const std::filesystem::path file = scratch / "run.h5";
  std::vector<std::string> states;  // after each flush
  {
    core::RunLog log = begin_run(scratch.folder, "7");
    for (int64_t k = 0; k < 3; ++k) {
      log_steps(log, 1000 * k + 1, 1000 * k + 1000);
      states.push_back(bytes_of(file));
    }
    log.finish("finished");
    states.push_back(bytes_of(file));
  }
  const auto rows = [&] { return core::RunFile(scratch.folder).rows("train/loss").size(); };
  const core::Journal second = between(states[1], states[2]), last = between(states[2], states[3]);
  for (const size_t applied : {size_t(0), second.pages.size() / 2, second.pages.size()}) {
    std::string torn = states[1];
    torn.resize(std::max(torn.size(), states[2].size()));
    size_t left = second.pages.size() - applied;
    for (const auto& [number, page] : second.pages)  // the last pages first
      if (left-- == 0 || left > second.pages.size())
        torn.replace(number * core::page_size,
                     std::min<size_t>(core::page_size, torn.size() - number * core::page_size),
                     reinterpret_cast<const char*>(page.data()),
                     std::min<size_t>(core::page_size, torn.size() - number * core::page_size));
    write_bytes(file, torn);
    REQUIRE(core::write_journal(file, second));
    INFO(applied << " of " << second.pages.size() << " pages");
    CHECK(rows() == 3000);
  }
  const auto refused = [&](const std::string& state, const core::Journal& journal) {
    write_bytes(file, state);
    REQUIRE(core::write_journal(file, journal));
    CHECK_THAT(refusal([&] { rows(); }),
               ContainsSubstring("run.h5.journal: was not written to follow run.h5"));
    std::ostringstream said;
    CHECK(analysis::verify({scratch.folder}, said) == 1);
    CHECK((bytes_of(file) == state));
    std::filesystem::remove(core::journal_of(file));
  };
  refused(states[3], second);  // an older one beside a run that has ended
  refused(states[0], last);
  write_bytes(file, states[3]);
  REQUIRE(core::write_journal(file, last));  // taken in before its writer was killed
  CHECK(rows() == 3000);
}

// The pages of `journal` that come last, which a writer writes first.
static void apply_half(const core::Journal& journal, std::string& state) {
  state.resize(std::max<size_t>(state.size(), journal.size));
  size_t left = journal.pages.size() / 2;
  for (auto page = journal.pages.rbegin(); left-- > 0; ++page)
    std::memcpy(state.data() + page->first * core::page_size, page->second.data(),
                std::min<size_t>(core::page_size, state.size() - page->first * core::page_size));
}

TEST_CASE("a writer that is slow in the midst of a flush is waited for, or read through its journal",
          "[core]") {
  const Scratch scratch;
  const std::filesystem::path file = scratch / "run.h5";
  std::string before, after;
  {
    core::RunLog log = begin_run(scratch.folder, "7");
    log_steps(log, 1, 4000);
    before = bytes_of(file);
    log_steps(log, 4001, 9000);  // a chunk becomes full
    after = bytes_of(file);
  }
  const core::Journal flush = between(before, after);
  write_bytes(file, before);
  const core::RunFile reader(scratch.folder);
  std::string half = before;
  apply_half(flush, half);
  write_bytes(file, half);
  REQUIRE(core::write_journal(file, flush));
  std::filesystem::last_write_time(core::journal_of(file),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::seconds(5));
  CHECK(first_wrong(reader.rows("train/loss")) == 0);
  CHECK(reader.rows("train/loss").size() == 9000);
}

}  // namespace tests::live_run
