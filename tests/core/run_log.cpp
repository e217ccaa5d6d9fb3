// run.h5: survives its writer, is cut back exactly, and is readable while it grows.
#include "core/run_log.h"

#include "core/random.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <limits>
#include <map>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::run_log {

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
    log.picture("p", "image", "", 4, grey(4));
    log.picture("p", "image", "", 8, grey(8));
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

TEST_CASE("reopening cuts a log back to what is known of it", "[core]") {
  const Scratch scratch;
  core::RunLog::Extent known;
  {
    core::RunLog log = begin(scratch.folder);
    for (int64_t step = 1; step <= 4500; ++step) log.log("train/loss", {step, 0, 0, 0, 1});
    log.picture("p", "image", "", 4500, grey(4));
    known = log.extent();
    CHECK(known == core::RunLog::Extent{{"metrics/time", 0}, {"metrics/train", 4500}, {"pictures/p", 1}});
    log.log("train/loss", {4501, 0, 0, 0, 1});
    log.log("time/rate", {4501, 0, 0, 0, 1});
    for (const char* film : {"p", "q"}) log.picture(film, "image", "", 4501, grey(5));
    log.flush();
  }
  known.erase("metrics/time");
  core::RunLog log = core::RunLog::reopen(scratch.folder, 4501, known);
  CHECK(log.extent() ==
        core::RunLog::Extent{
            {"metrics/time", 1}, {"metrics/train", 4500}, {"pictures/p", 1}, {"pictures/q", 0}});
  known["metrics/train"] = 3000;
  known["metrics/time"] = 0;
  CHECK(core::RunLog::reopen(scratch.folder, 4501, known).extent().at("metrics/train") == 3000);
  CHECK(values(scratch.folder).size() == 3000);
}

TEST_CASE("a table that is known late is written, read and cut back as those that were there", "[core]") {
  const Scratch scratch;
  const std::string mean = "layer.net.hidden_1/output_mean";
  const auto steps = [&] {
    std::vector<int64_t> all;
    for (const core::Row& row : core::RunFile(scratch.folder).rows(mean)) all.push_back(row.step);
    return all;
  };
  {
    core::RunLog log = begin(scratch.folder);
    log.log("train/loss", {1, 0, 0, 0, 1});
    log.flush();
    CHECK(steps().empty());
    CHECK_FALSE(log.has(mean));
    log.declare({{mean, "", "Mean of the outputs", false}, {"layer.net.hidden_1/x", "", "Other", false}});
    for (int64_t step = 2; step <= 200; step += 2) log.log(mean, {step, 0, 0, 0, 1});
    log.flush();
    CHECK(core::RunFile(scratch.folder).metrics().size() == 4);
    CHECK(steps().size() == 100);
    log.finish("finished");
    CHECK(steps().size() == 100);
  }
  {
    core::RunLog log = core::RunLog::reopen(scratch.folder, 5);
    CHECK(log.has(mean));
    log.log(mean, {6, 0, 0, 0, 1});
    log.flush();
    CHECK(steps() == std::vector<int64_t>{2, 4, 6});
  }
  core::RunLog log = core::RunLog::reopen(scratch.folder, 1);
  log.flush();
  CHECK(log.has(mean));
  CHECK(steps().empty());
}

TEST_CASE("a row that a killed process did not write is no row", "[core]") {
  const Scratch scratch;
  {
    core::RunLog log = begin(scratch.folder);
    for (int64_t step = 1; step <= 4100; ++step)
      log.log("train/loss", {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
    log.flush();
  }
  {  // what a torn flush leaves: an extent beyond the last chunk that is there
    const core::h5::File file = core::h5::File::open(scratch / "run.h5", true);
    const core::h5::Handle table(H5Dopen2(file.id(), "/metrics/train", H5P_DEFAULT), H5Dclose);
    const hsize_t rows = 8000;
    REQUIRE(H5Dset_extent(table, &rows) >= 0);
  }
  CHECK(values(scratch.folder).size() == 4100);
  CHECK(core::RunFile(scratch.folder).last_row("train/loss")->value == 4100);
  core::RunLog log = core::RunLog::reopen(scratch.folder, 10000);
  for (int64_t step = 4101; step <= 8300; ++step)
    log.log("train/loss", {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
  log.flush();
  const auto all = values(scratch.folder);
  REQUIRE(all.size() == 8300);
  for (size_t i = 0; i < all.size(); ++i) REQUIRE(all[i] == double(i + 1));
}

TEST_CASE("a run file is cut back wherever its rows lie, and none is lost or twice there", "[core]") {
  constexpr int64_t steps = 9000;
  const auto rows = [](const std::filesystem::path& folder, const char* metric) {
    return core::RunFile(folder).rows(metric);
  };
  for (const bool sealed : {false, true})
    for (const int64_t keep :
         {int64_t{0}, int64_t{1}, int64_t{511}, int64_t{512}, int64_t{513}, int64_t{1100}, int64_t{3999},
          int64_t{4000}, int64_t{4001}, int64_t{8192}, steps}) {
      const Scratch scratch;
      const auto write = [](core::RunLog& log, int64_t from) {
        for (int64_t step = from; step <= steps; ++step)
          for (const char* metric : {"train/loss", "time/rate"})  // chunks of 4000 and of 512 rows
            log.log(metric, {step, 0, 0, 0, 1.0 * static_cast<double>(step)});
      };
      {
        core::RunLog log = begin(scratch.folder);
        write(log, 1);
        sealed ? log.finish("finished") : log.flush();
      }
      INFO("sealed " << sealed << ", kept " << keep);
      {
        core::RunLog log = core::RunLog::reopen(scratch.folder, keep);
        log.flush();
        for (const char* metric : {"train/loss", "time/rate"})
          CHECK(rows(scratch.folder, metric).size() == static_cast<size_t>(keep));
        write(log, keep + 1);
        log.finish("finished");
      }
      for (const char* metric : {"train/loss", "time/rate"}) {
        const auto all = rows(scratch.folder, metric);
        REQUIRE(all.size() == static_cast<size_t>(steps));
        for (size_t i = 0; i < all.size(); ++i) REQUIRE(all[i].value == double(i + 1));
        CHECK(core::RunFile(scratch.folder).last_row(metric)->step == steps);
      }
    }
}

TEST_CASE("a metric has a row at the steps where it was logged and at no other", "[core]") {
  const Scratch scratch;
  core::RunLog log = core::RunLog::create(
      scratch.folder, {}, "",
      {{"train/seldom", "", "", false}, {"train/often", "", "", false}, {"train/never", "", "", false}});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int64_t step = 1; step <= 2000; ++step) {
    log.log("train/often", {step, 10 * step, 0, 0.25 * static_cast<double>(step), step % 7 == 0 ? nan : 1.0});
    if (step % 900 == 0) log.flush();
    if (step % 900 == 0)
      log.log("train/seldom", {step, 10 * step, 0, 0, 5});  // a row that was flushed already
  }
  log.flush();
  const core::RunFile file(scratch.folder);
  REQUIRE(file.rows("train/often").size() == 2000);
  CHECK(std::isnan(file.rows("train/often")[6].value));
  CHECK(file.rows("train/often")[7].wall_s == 2);
  const auto seldom = file.rows("train/seldom");
  REQUIRE(seldom.size() == 2);
  CHECK((seldom[1].step == 1800 && seldom[1].env_steps == 18000 && seldom[1].value == 5));
  CHECK(file.last_row("train/seldom")->step == 1800);
  CHECK(file.rows("train/never").empty());
  CHECK_FALSE(file.last_row("train/never"));
  std::map<std::string, size_t> counted;
  file.each([&](const std::string& metric, const core::Rows& rows) {
    counted[metric] = rows.size();
    CHECK(rows.back().step == file.last_row(metric)->step);
    CHECK(rows.back().value == file.last_row(metric)->value);
  });
  CHECK(counted == std::map<std::string, size_t>{{"train/often", 2000}, {"train/seldom", 2}});
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

// DQN's ten at every step: seven numbers, of which two have all of a double's bits and are each other's copy,
// one falls evenly, and two are means of floats; and what an episode's end says, at every tenth step.
TEST_CASE("ten metrics of a step take 25 bytes of the disk at most", "[core]") {
  constexpr int64_t steps = 50000;
  const Scratch scratch;
  std::vector<core::Metric> metrics;
  for (const char* name : {"episode_length", "episodes", "return", "epsilon", "q", "td_error", "td_loss",
                           "loss", "grad_norm", "lr"})
    metrics.push_back({std::string("train/") + name, "", "", false});
  core::RunLog log = core::RunLog::create(scratch.folder, {}, "", metrics);
  core::Pcg64 random(1);
  const auto single = [&] { return static_cast<double>(static_cast<float>(random.uniform(0.5, 1.5))); };
  for (int64_t step = 1; step <= steps; ++step) {
    const double at = double(step) / steps, loss = single() + single() / 1000, length = double(step % 70);
    const double values[] = {length,   1,    length, std::max(0.05, 1 - 1.9 * at), single(),
                             single(), loss, loss,   random.uniform(0, 3),         4e-3 * (1 - at)};
    for (size_t k = 0; k < metrics.size(); ++k)
      if (k > 2 || step % 10 == 0)
        log.log(metrics[k].name, {step, 10 * step, 0, 2.1e-4 * double(step), values[k]});
  }
  log.finish("finished");
  struct stat file {};
  REQUIRE(stat((scratch / "run.h5").c_str(), &file) == 0);
  CHECK(512 * file.st_blocks < 25 * steps);
}

}  // namespace tests::run_log
