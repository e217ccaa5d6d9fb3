// run.h5: survives its writer, is cut back exactly, and is readable while it grows.
#include "core/run_log.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;

namespace {

core::RunLog begin(const std::filesystem::path& folder) {
  return core::RunLog::create(
      folder, {{"name", "trial"}, {"seed", "7"}}, "name: trial\nseed: 7\n",
      {{"train/loss", "nats", "The loss", false}, {"time/rate", "1/s", "Speed", true}});
}

core::Image grey(uint8_t level) { return {4, 2, 3, std::vector<uint8_t>(24, level)}; }

std::vector<double> values(const std::filesystem::path& folder) {
  std::vector<double> all;
  for (const core::Row& row : core::RunFile(folder).rows("train/loss")) all.push_back(row.value);
  return all;
}

}  // namespace

TEST_CASE("a run file says what the run was told, did and saw", "[core]") {
  const Scratch scratch;
  core::RunLog log = begin(scratch.folder);
  log.log("train/loss", {1, 100, 0, 0.5, 2.25});
  log.picture("digits", "image", "Some digits", 1, grey(9));
  log.flush();
  const core::RunFile file(scratch.folder);
  CHECK(file.attribute("name") == "trial");
  CHECK(file.attribute("status") == "running");
  CHECK(file.attribute("pid") == std::to_string(getpid()));
  CHECK(file.attribute("nonsense").empty());
  CHECK(file.config() == "name: trial\nseed: 7\n");
  REQUIRE(file.metrics().size() == 2);
  CHECK(file.metrics()[0].wall_clock);
  CHECK(file.metrics()[1].sentence == "The loss");
  const auto rows = file.rows("train/loss");
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].step == 1 && rows[0].env_steps == 100 && rows[0].wall_s == 0.5 && rows[0].value == 2.25));
  REQUIRE(file.pictures().size() == 1);
  CHECK(file.pictures()[0].kind == "image");
  CHECK(file.frame("digits", 0).pixels == grey(9).pixels);
}

TEST_CASE("a run file is readable by others while it grows", "[core]") {
  const Scratch scratch;
  core::RunLog log = begin(scratch.folder);
  CHECK(values(scratch.folder).empty());
  log.log("train/loss", {1, 0, 0, 0, 4});
  log.flush();
  CHECK(values(scratch.folder) == std::vector<double>{4});
  log.log("train/loss", {2, 0, 0, 0, 3});
  CHECK(values(scratch.folder) == std::vector<double>{4});
  log.flush();
  CHECK(values(scratch.folder) == std::vector<double>{4, 3});
  CHECK(core::RunFile(scratch.folder).last_row("train/loss")->step == 2);
}

TEST_CASE("what was flushed is there after SIGKILL", "[core]") {
  const Scratch scratch;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    core::RunLog log = begin(scratch.folder);
    for (int64_t step = 1; step <= 1000; ++step)
      log.log("train/loss", {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
    log.flush();
    for (int64_t step = 1001; step <= 1010; ++step) log.log("train/loss", {step, 0, 0, 0, 0});
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto all = values(scratch.folder);
  REQUIRE(all.size() == 1000);
  CHECK(all.back() == 1000);
  CHECK(core::RunFile(scratch.folder).attribute("status") == "running");
}

TEST_CASE("reopening cuts rows and pictures back to a step and goes on from there", "[core]") {
  const Scratch scratch;
  {
    core::RunLog log = begin(scratch.folder);
    for (int64_t step = 1; step <= 10; ++step)
      log.log("train/loss", {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
    log.picture("p", "image", "", 4, grey(4)), log.picture("p", "image", "", 8, grey(8));
    log.flush();
  }
  core::RunLog log = core::RunLog::reopen(scratch.folder, 6);
  CHECK(refusal([&] { log.log("train/loss", {6, 0, 0, 0, 0}); }) != "");
  log.log("train/loss", {7, 0, 0, 0, 70});
  log.picture("p", "image", "", 7, grey(7));
  log.flush();
  CHECK(values(scratch.folder) == std::vector<double>{1, 2, 3, 4, 5, 6, 70});
  const core::RunFile file(scratch.folder);
  CHECK(file.pictures()[0].steps == std::vector<int64_t>{4, 7});
  CHECK(file.frame("p", 1).pixels == grey(7).pixels);
}

TEST_CASE("a tail whose step does not increase is no row", "[core]") {
  const Scratch scratch;
  {
    core::RunLog log = begin(scratch.folder);
    for (int64_t step = 1; step <= 3; ++step)
      log.log("train/loss", {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
    log.flush();
  }
  {  // what a torn flush leaves: rows of zeros
    core::h5::File file = core::h5::File::open(scratch / "run.h5", true);
    core::h5::Growing table(file, "/metrics/train/loss", core::row_type(), {}, 1);
    const core::Row zeros[2] = {};
    table.append(zeros, 2);
  }
  CHECK(values(scratch.folder) == std::vector<double>{1, 2, 3});
  CHECK(core::RunFile(scratch.folder).last_row("train/loss")->value == 3);
  core::RunLog log = core::RunLog::reopen(scratch.folder, 100);
  log.log("train/loss", {4, 0, 0, 0, 4});
  log.flush();
  CHECK(values(scratch.folder) == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("rows that readers would drop are refused", "[core]") {
  const Scratch scratch;
  core::RunLog log = begin(scratch.folder);
  log.log("train/loss", {5, 0, 0, 0, 1});
  CHECK_THAT(refusal([&] {
               log.log("train/loss", {5, 0, 0, 0, 2});
             }),
             ContainsSubstring("step 5 after step 5"));
  CHECK_THAT(refusal([&] { log.log("train/los", {6, 0, 0, 0, 2}); }), ContainsSubstring("not registered"));
}

TEST_CASE("a picture that changes its size is refused", "[core]") {
  const Scratch scratch;
  core::RunLog log = begin(scratch.folder);
  log.picture("p", "image", "", 1, grey(1));
  CHECK_THAT(refusal([&] {
               log.picture("p", "image", "", 2, {2, 2, 3, std::vector<uint8_t>(12)});
             }),
             ContainsSubstring("changed its size"));
}

TEST_CASE("processor time adds up over the sittings of a run", "[core]") {
  const Scratch scratch;
  {
    core::RunLog log = begin(scratch.folder);
    log.flush();
  }
  core::h5::File::open(scratch / "run.h5", true).set("/", "cpu_s", 1000.0);
  core::RunLog::reopen(scratch.folder, 0).flush();
  CHECK(std::stod(core::RunFile(scratch.folder).attributes()[0].second) > 1000);
}

TEST_CASE("foreign files and newer formats are refused in words", "[core]") {
  const Scratch scratch;
  { core::h5::File::create(scratch / "run.h5").set("/", "format", std::string("something else")); }
  CHECK_THAT(refusal([&] { core::RunFile file(scratch.folder); }),
             ContainsSubstring("no run file of Atelier"));
  { begin(scratch.folder); }
  core::h5::File::open(scratch / "run.h5", true).set("/", "format_version", int64_t{99});
  CHECK_THAT(refusal([&] { core::RunFile file(scratch.folder); }),
             ContainsSubstring("newer Atelier (format 99"));
}
