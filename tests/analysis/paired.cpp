// Methods draw by draw: what is paired with what, and that how hard a draw was counts for neither.
#include "analysis/paired.h"

#include <fmt/format.h>

#include <sstream>

#include "analysis/report.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::paired {

using Catch::Matchers::ContainsSubstring;

namespace {

struct Trial {
  std::string name = "m2";
  int draw = 0;
  double accuracy = 0.5;
  std::string data = "fashion_mnist", sees = "x", status = "finished", sign = "+1";
};

void write(const Scratch& scratch, const Trial& trial) {
  const auto folder = scratch / fmt::format("{}-{}/trial-{:03}", trial.name, trial.sees, trial.draw);
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(
      folder,
      {{"name", trial.name},
       {"kind", "model"},
       {"seed", "0"},
       {"score", "valid/accuracy"},
       {"score_sign", trial.sign}},
      fmt::format("name: {}\nseed: 0\nmodel: m2\nsees: {}\ndata: {{name: {}, seed: {}}}\n", trial.name,
                  trial.sees, trial.data, trial.draw),
      {{"valid/accuracy", "", "Of validation", false}, {"test/accuracy", "", "Of the test", false}});
  log.log("valid/accuracy", {1, 0, 10, 0.1, 0.9});
  log.log("test/accuracy", {1, 0, 10, 0.1, trial.accuracy});
  log.set("status", trial.status);
  log.flush();
}

std::vector<analysis::PairedDifference> differences(const std::vector<std::filesystem::path>& folders) {
  return analysis::paired_differences(analysis::load_runs(folders).groups);
}

std::vector<std::filesystem::path> trials(const Scratch& scratch, const std::string& method, int draws) {
  std::vector<std::filesystem::path> all;
  for (int draw = 0; draw < draws; ++draw)
    all.push_back(scratch / fmt::format("{}/trial-{:03}", method, draw));
  return all;
}

std::vector<std::filesystem::path> both(std::vector<std::filesystem::path> a,
                                        const std::vector<std::filesystem::path>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

// Draws differ by far more than the methods do.
TEST_CASE("runs are paired by their draw, the better method first", "[analysis]") {
  const Scratch scratch;
  for (int draw = 0; draw < 4; ++draw) {
    write(scratch, {.name = "mlp", .draw = draw, .accuracy = 0.5 + 0.1 * draw});
    write(scratch, {.name = "m2", .draw = draw, .accuracy = 0.52 + 0.1 * draw + (draw % 2 ? 0.01 : -0.01)});
  }
  write(scratch, {.name = "m2", .draw = 4, .accuracy = 0.1});  // of no draw that the other has
  const auto folders = both(trials(scratch, "mlp-x", 4), trials(scratch, "m2-x", 5));
  const auto all = differences(folders);
  REQUIRE(all.size() == 1);
  CHECK(all[0].method == "m2");
  CHECK(all[0].other == "mlp");
  CHECK(all[0].metric == "test/accuracy");
  CHECK(all[0].draws == 4);
  CHECK(all[0].difference.value == Approx(0.02));
  const double half = 3.182446 * 0.01 * std::sqrt(4.0 / 3) / 2;  // t(3) s / sqrt(4)
  CHECK(all[0].difference.low == Approx(0.02 - half).margin(1e-5));
  CHECK(all[0].difference.high == Approx(0.02 + half).margin(1e-5));
  std::ostringstream out;
  analysis::report(folders, {}, out);
  CHECK_THAT(out.str(), ContainsSubstring("less that of"));
}

TEST_CASE(
    "options set methods of one name apart; other data, unfinished runs and single draws pair with nothing",
    "[analysis]") {
  const Scratch scratch;
  for (int draw = 0; draw < 2; ++draw) {
    write(scratch, {.draw = draw, .accuracy = 0.5});
    write(scratch, {.draw = draw, .accuracy = 0.4, .sees = "z", .sign = "+1"});
    write(scratch, {.name = "other", .draw = draw, .data = "stripes"});
    write(scratch, {.name = "halted", .draw = draw, .status = "interrupted"});
  }
  const auto named = differences(both(trials(scratch, "m2-x", 2), trials(scratch, "m2-z", 2)));
  REQUIRE(named.size() == 1);
  CHECK(named[0].method == "m2 (sees=x)");
  CHECK(named[0].other == "m2 (sees=z)");
  CHECK(differences(both(trials(scratch, "m2-x", 2), trials(scratch, "other-x", 2))).empty());
  CHECK(differences(both(trials(scratch, "m2-x", 2), trials(scratch, "halted-x", 2))).empty());
  CHECK(differences(both(trials(scratch, "m2-x", 1), trials(scratch, "m2-z", 1))).empty());
}

TEST_CASE("where less is better the lower method comes first", "[analysis]") {
  const Scratch scratch;
  for (int draw = 0; draw < 3; ++draw) {
    write(scratch, {.name = "a", .draw = draw, .accuracy = 3.0 + draw, .sign = "-1"});
    write(scratch, {.name = "b", .draw = draw, .accuracy = 2.5 + draw, .sign = "-1"});
  }
  const auto all = differences(both(trials(scratch, "a-x", 3), trials(scratch, "b-x", 3)));
  REQUIRE(all.size() == 1);
  CHECK(all[0].method == "b");
  CHECK(all[0].difference.value == Approx(-0.5));
}

}  // namespace tests::paired
