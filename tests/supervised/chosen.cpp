// Whole runs by the trainer: weights are chosen on validation data, and the test data are graded once, at the
// end.
#include <cmath>

#include "core/run_log.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"
#include "training/loop/recorder.h"
#include "training/loop/trainer.h"

using supervised::all;

static const std::string& yaml() { return all().at("mlp").trial; }

// Trained in `folder` to the end of its budget.
static training::Session trained(const std::filesystem::path& folder,
                                 const std::vector<std::string>& overrides) {
  auto session = trial::session(yaml(), all(), overrides);
  const std::string config = training::resolved(session.experiment);
  auto recorder = training::Recorder::create(folder, session, {}, config, nullptr);
  training::Console console(training::ConsoleMode::silent, session.budget, {});
  training::Trainer(session, recorder, console, folder, config).run();
  return session;
}

TEST_CASE("the test data are graded once, by the weights that were chosen", "[supervised][training]") {
  const Scratch scratch;
  const auto session = trained(scratch.folder, {"train.steps=40", "eval.every={steps: 5}", "optim.lr=0.3"});
  const core::RunFile file(scratch.folder);
  const auto valid = file.rows("valid/accuracy"), test = file.rows("test/accuracy");
  REQUIRE(valid.size() == 8);
  REQUIRE(test.size() == 1);
  CHECK(test[0].step == 40);
  double best = 0;
  for (const core::Row& row : valid) best = std::max(best, row.value);
  CHECK(best == session.trainer_state.best);
  CHECK(valid.back().value < best);  // else last.h5 would do as well
  for (const std::string which : {"best", "last"}) {
    auto again = trial::session(yaml(), all());
    training::load_weights(again, scratch / (which + ".h5"));
    CHECK((trial::grades(again)["test/accuracy"] == test[0].value) == (which == "best"));
  }
}

// Where labels were permuted there is nothing to choose. The best of 200 evaluations looks better than
// chance, and what was chosen is none the better for it: half of the true classes are right.
TEST_CASE("of permuted labels the chosen weights are at chance on the test data", "[supervised][training]") {
  double test = 0, squares = 0, valid = 0;
  for (const std::string seed : {"0", "1", "2", "3", "4", "5"}) {
    const Scratch scratch;
    const auto session = trained(scratch.folder, {"seed=" + seed, "data.seed=" + seed, "data.permute=labels",
                                                  "eval.every={steps: 1}", "record.n=1"});
    CHECK(session.trainer_state.evaluations == 200);
    const double reached = core::RunFile(scratch.folder).rows("test/accuracy").at(0).value;
    UNSCOPED_INFO("seed " << seed << ": test " << reached << ", validation " << session.trainer_state.best);
    test += reached / 6;
    squares += reached * reached / 6;
    valid += session.trainer_state.best / 6;
  }
  const double error = std::sqrt((squares - test * test) / 5);
  CHECK(std::abs(test - 0.5) < 2.571 * error);  // Student's 95 % with five degrees of freedom
  CHECK(2.571 * error < 0.15);  // nets that have learned nothing agree with XOR on a third to two thirds
  CHECK(valid > 0.53);
}

TEST_CASE("nothing may be chosen by the test part", "[supervised][training]") {
  CHECK(refusal([] {
          trial::session(yaml(), all(), {"train.early_stop={metric: test/loss, patience: 2}"});
        }).find("nothing is chosen by the test part, found 'test/loss'") != std::string::npos);
}
