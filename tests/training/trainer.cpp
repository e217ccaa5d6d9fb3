// The trainer's loop around a learner that says what it is told to: early stop, best checkpoint, rows of the
// log.
#include "training/loop/trainer.h"

#include <csignal>

#include "core/error.h"
#include "core/interrupt.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/loop/checkpoint.h"

using namespace training;

namespace {

// At step n it logs n and, every fourth step, an event; evaluations log what the script says, in order.
struct Script {
  std::vector<double> score, gain, loss;  // by evaluation; a NaN is not logged
  size_t next = 0;
  size_t cut = 1000;             // the evaluation that a signal cuts short, once
  std::function<void()> beside;  // done in each evaluation

  static double at(const std::vector<double>& values, size_t i) {
    return values.empty() ? 0 : values[std::min(i, values.size() - 1)];
  }
};

class ScriptedLearner : public Learner {
 public:
  explicit ScriptedLearner(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  void build(Build& b) override {
    b.update("own", {});
    b.metric({"eval/score", "", "The score", Direction::maximize});
    b.metric({"eval/gain", "", "The more the better", Direction::maximize});
    b.metric({"eval/loss", "", "The less the better", Direction::minimize});
    b.metric({"eval/odd", "", "Neither"});
    b.metric({"train/number", "", "Of the step", Direction::minimize});
    b.metric({.name = "train/events", .unit = "events", .sentence = "Since the row before", .count = true});
    b.score("eval/score");
  }
  void step(Step& step) override {
    step.updated("own", {});
    step.log("train/number", static_cast<double>(step.counters().step));
    if (step.counters().step % 4 == 0) step.log("train/events", 1);
  }
  void sample(core::Gallery& gallery) override { gallery.text("words", "Some", "words"); }
  void evaluate(Eval& eval) override {
    const size_t i = script_->next++;
    const auto log = [&](const char* metric, const std::vector<double>& values) {
      if (const double value = Script::at(values, i); !std::isnan(value)) eval.log(metric, value);
    };
    log("eval/score", script_->score);
    log("eval/gain", script_->gain);
    log("eval/loss", script_->loss);
    if (script_->beside) script_->beside();
    if (i != script_->cut) return;
    script_->cut = 1000;
    script_->next = i;
    throw core::Interrupted(SIGTERM);
  }

 private:
  std::shared_ptr<Script> script_;
};

Session session(const std::shared_ptr<Script>& script, const std::string& yaml) {
  static const core::Table<training::Entry> none("agent", {});
  const auto make = [script] {
    return Factory{[](core::Fields&) {}, [script] { return std::make_unique<ScriptedLearner>(script); }};
  };
  const core::Table<training::Entry> models("model", {{"told", "Says what it is told", "", {}, "", make}});
  Experiment experiment =
      read_experiment(core::parse_yaml("{model: told, " + yaml + "}", "told.yaml"), {none, models}, "told");
  return {std::move(experiment), models.at("told")};
}

Trainer::Outcome train(Session& s, const Scratch& scratch, Recorder recorder) {
  Console console(ConsoleMode::silent, s.budget, {});
  Trainer trainer(s, recorder, console, scratch.folder, "config");
  return trainer.run();
}

Trainer::Outcome train(Session& s, const Scratch& scratch) {
  return train(s, scratch, Recorder::create(scratch.folder, s, {}, "config", nullptr));
}

// Steps after which a run with these evaluations, one a step, has ended.
int64_t steps(const Script& script, const std::string& early_stop) {
  const Scratch scratch;
  Session s = session(std::make_shared<Script>(script),
                      "train: {steps: 12, early_stop: {" + early_stop + "}}, eval: {every: {steps: 1}}");
  train(s, scratch);
  return s.counters.step;
}

std::vector<std::pair<int64_t, double>> rows(const Scratch& scratch, const std::string& metric) {
  std::vector<std::pair<int64_t, double>> all;
  for (const core::Row& row : core::RunFile(scratch.folder).rows(metric))
    all.emplace_back(row.step, row.value);
  return all;
}

using Rows = std::vector<std::pair<int64_t, double>>;
const std::vector<double> rising{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
    falling{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

}  // namespace

TEST_CASE("an early stop follows the direction of what it watches", "[training][trainer]") {
  CHECK(steps({.score = rising, .gain = rising, .loss = {}}, "metric: eval/gain, patience: 2") == 12);
  CHECK(steps({.score = rising, .gain = falling, .loss = {}}, "metric: eval/gain, patience: 2") == 3);
  CHECK(steps({.score = rising, .gain = {}, .loss = falling}, "metric: eval/loss, patience: 2") == 12);
  CHECK(steps({.score = rising, .gain = {}, .loss = rising}, "metric: eval/loss, patience: 2") == 3);
  CHECK(steps({.score = rising, .gain = {}, .loss = {}}, "patience: 2") == 12);
  CHECK(steps({.score = falling, .gain = {}, .loss = {}}, "patience: 2") == 3);
  CHECK(steps({.score = {1, 1, 1.4, 1.9}, .gain = {}, .loss = {}}, "patience: 2, min_delta: 0.5") == 3);
}

TEST_CASE("a score that is no number is no improvement, and keeps no later one from being one",
          "[training][trainer]") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(steps({.score = {-inf, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, .gain = {}, .loss = {}}, "patience: 2") ==
        12);
}

TEST_CASE("an early stop that cannot tell better from worse is refused", "[training][trainer][bad_input]") {
  const auto said = [](const std::string& metric) {
    return refusal([&] { steps({}, "patience: 2, metric: " + metric); });
  };
  CHECK(said("eval/odd").find("of 'eval/odd' neither more nor less is better") != std::string::npos);
  CHECK(said("train/number").find("expected a metric of evaluate(), found 'train/number'") !=
        std::string::npos);
  CHECK(said("eval/none").find("told has no metric 'eval/none'") != std::string::npos);
}

TEST_CASE("an evaluation that lacks what an early stop watches ends the run with a message",
          "[training][trainer]") {
  const Script script{.score = rising, .gain = {1, std::nan("")}, .loss = {}};
  CHECK_THROWS_AS(steps(script, "metric: eval/gain, patience: 2"), core::Error);
}

TEST_CASE("an evaluation that a signal cuts short is owed, and done anew before the next step",
          "[training][trainer]") {
  const Scratch scratch;
  const std::string yaml = "train: {steps: 5}, eval: {every: {steps: 1}}";
  for (const size_t cut : {1u, 4u}) {  // in the middle, and at the end
    const auto script = std::make_shared<Script>(Script{.score = {3, 5, 1, 2, 4}, .cut = cut});
    Session s = session(script, yaml);
    CHECK(train(s, scratch).signal == SIGTERM);
    CHECK(s.counters.step == static_cast<int64_t>(cut) + 1);
    Session again = session(script, yaml);
    load_checkpoint(again, scratch / "last.h5");
    CHECK(again.trainer_state.evaluations == static_cast<int64_t>(cut));
    CHECK(train(again, scratch, Recorder::reopen(scratch.folder, again, nullptr)).signal == 0);
    CHECK(again.trainer_state.evaluations == 5);
    CHECK(rows(scratch, "eval/score") == Rows{{1, 3}, {2, 5}, {3, 1}, {4, 2}, {5, 4}});
  }
}

TEST_CASE("a run that had stopped early takes no step more", "[training][trainer]") {
  const Scratch scratch;
  const auto script = std::make_shared<Script>(Script{.score = falling, .gain = {}, .loss = {}});
  const std::string yaml = "train: {steps: 12, early_stop: {patience: 2}}, eval: {every: {steps: 1}}";
  Session s = session(script, yaml);
  CHECK(train(s, scratch).stopped_early);
  Session again = session(script, yaml);
  load_checkpoint(again, scratch / "last.h5");
  CHECK(train(again, scratch, Recorder::reopen(scratch.folder, again, nullptr)).stopped_early);
  CHECK(again.counters.step == 3);
}

// The last checkpoint of the loop waits for a row of three steps; then come that row, an evaluation and a
// picture of the same step, on the disk before the checkpoint that knows of them.
TEST_CASE("a run killed between its last rows and its last checkpoint logs none of them twice",
          "[training][trainer]") {
  const Scratch scratch;
  const std::string yaml =
      "train: {steps: 6}, log: {every: {steps: 4}}, eval: {every: {steps: 5}}, checkpoint: {every: {steps: "
      "3}}";
  const auto draw = [](const core::Picture&) { return core::Image{4, 2, 3, std::vector<uint8_t>(24, 1)}; };
  const auto steps = [&] { return core::RunFile(scratch.folder).pictures().at(0).steps; };
  const auto script = std::make_shared<Script>(Script{.score = {1, 2, 2}, .gain = {}, .loss = {}});
  script->beside = [&] {
    std::filesystem::copy_file(scratch / "last.h5", scratch / "before.h5",
                               std::filesystem::copy_options::overwrite_existing);
  };
  Session s = session(script, yaml);
  train(s, scratch, Recorder::create(scratch.folder, s, {}, "config", draw));
  const Rows number = rows(scratch, "train/number"), score = rows(scratch, "eval/score");
  CHECK(number == Rows{{4, 2.5}, {6, 5.5}});
  CHECK(score == Rows{{5, 1}, {6, 2}});
  CHECK(steps() == std::vector<int64_t>{5, 6});
  std::filesystem::rename(scratch / "before.h5", scratch / "last.h5");
  Session again = session(script, yaml);
  load_checkpoint(again, scratch / "last.h5");
  REQUIRE(again.counters.step == 6);
  CHECK_NOTHROW(train(again, scratch, Recorder::reopen(scratch.folder, again, draw)));
  CHECK(rows(scratch, "train/number") == number);
  CHECK(rows(scratch, "eval/score") == score);
  CHECK(steps() == std::vector<int64_t>{5, 6});
}

TEST_CASE("a row is the mean since the row before, or the sum of a count, and the last one loses nothing",
          "[training][trainer]") {
  const Scratch scratch;
  Session s = session(std::make_shared<Script>(),
                      "train: {steps: 14}, log: {every: {steps: 6}}, "
                      "eval: {every: {steps: 4}}");
  train(s, scratch);
  CHECK(rows(scratch, "train/number") == Rows{{6, 3.5}, {12, 9.5}, {14, 13.5}});
  CHECK(rows(scratch, "train/events") == Rows{{6, 1}, {12, 2}});
  CHECK(rows(scratch, "eval/score").size() == 4);
}

TEST_CASE("a row whose values began before a checkpoint is whole after a resume", "[training][trainer]") {
  const Scratch scratch;
  const std::string own = "log: {every: {steps: 6}}, checkpoint: {every: {steps: 4}}, ";
  Session s = session(std::make_shared<Script>(), own + "train: {steps: 12}");
  Recorder recorder = Recorder::create(scratch.folder, s, {}, "config", nullptr);
  for (int i = 0; i < 4; ++i) {
    s.step(recorder.learning());
    recorder.end_of_step(s.counters, false);
  }
  recorder.flush();
  save_checkpoint(s, "config", scratch / "last.h5");
  Session again = session(std::make_shared<Script>(), own + "train: {steps: 12}");
  load_checkpoint(again, scratch / "last.h5");
  train(again, scratch, Recorder::reopen(scratch.folder, again, nullptr));
  CHECK(rows(scratch, "train/number") == Rows{{6, 3.5}, {12, 9.5}});
  CHECK(rows(scratch, "train/events") == Rows{{6, 1}, {12, 2}});
}
