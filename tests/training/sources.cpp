// Several sources side by side, rows with labels and rows without, of tables and drawn without end: each is
// drawn from at its own pace, and all go on after a resume where they stood.
#include "training/data/source.h"

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/recall.h"
#include "training/loop/checkpoint.h"
#include "training/loop/session.h"
#include "training/loop/table.h"

using namespace training;

namespace {

// A linear map that is pulled towards labelled rows and, half as often, towards unlabelled ones.
class HalfLabelled : public Learner {
 public:
  struct Options {
    data::Options data;
    void fields(core::Fields& f) { f.tagged("data", data.tagged(), "Rows, a few of them with labels"); }
  };
  explicit HalfLabelled(Options options) : options_(std::move(options)) {}

  void build(Build& build) override {
    const data::Data rows = data::load(build, options_.data, data::HeldOutRows::not_needed);
    labelled_ = data::register_source(build, rows, options_.data);
    unlabelled_ = data::register_unlabelled(build, rows, options_.data);
    net_ = torch::nn::Linear(2, 1);
    build.module("net", *net_);
    build.optimizer("net", {net_.get()}, {{"error", "", "Squared error"}});
  }
  void step(Step& step) override {
    const Batch few = step.next(*labelled_);
    torch::Tensor error = (net_(few.inputs()).squeeze(1) - few.targets()).square().mean();
    if (step.counters().step % 2 == 0) {
      const Batch many = step.next(*unlabelled_);
      unlabelled_had_targets |= many.targets().defined();
      error = error + net_(many.inputs()).square().mean();
    }
    step.update("net", {{"error", error}});
  }

  static inline bool unlabelled_had_targets = false;

 private:
  Options options_;
  std::unique_ptr<Source> labelled_, unlabelled_;
  torch::nn::Linear net_{nullptr};
};

Session session(const std::string& data = "labelled: 20") {
  static const core::Table<training::Entry> none("agent", {});
  const core::Table<training::Entry> models(
      "model",
      {{"half_labelled", "Learns from two sources", "", {"net"}, "", training::factory<HalfLabelled>}});
  const std::string yaml = "{model: half_labelled, data: {name: xor, batch_size: 4, train_size: 40, " + data +
                           "}, optim: {lr: 0.01}, train: {steps: 100}}";
  Experiment experiment = read_experiment(core::parse_yaml(yaml, "half.yaml"), {none, models}, "half");
  return {std::move(experiment), models.at("half_labelled")};
}

void learn(Session& session, int64_t steps) {
  const Logger silent{[](const std::string&, double) {}, {}};
  for (int64_t i = 0; i < steps; ++i) session.step(silent);
}

}  // namespace

TEST_CASE("Sources are drawn from side by side, and the first counts epochs", "[training][data]") {
  Session run = session();
  REQUIRE(run.registry.sources.size() == 2);
  learn(run, 6);
  CHECK(run.counters.samples == 6 * 4 + 3 * 4);
  CHECK(run.counters.epoch == Approx(6 / 5.0));
  CHECK(run.registry.sources[1].source->epoch() == Approx(3 / 10.0));
  CHECK_FALSE(HalfLabelled::unlabelled_had_targets);
}

TEST_CASE("A learner of rows without labels asks how many have some", "[training][data]") {
  CHECK(refusal([] { session("labelled: null"); }) ==
        "data.labelled: expected how many rows tell their labels, beside those that do not");
  CHECK(refusal([] { session("labelled: 41"); }) ==
        "data.labelled: expected at most the 40 rows to learn from, found 41");
}

TEST_CASE("Every source goes on from its own cursor", "[training][data]") {
  const std::string data = GENERATE(std::string("labelled: 20"), std::string("labelled: 20, endless: true"));
  INFO(data);
  const Scratch scratch;
  Session whole = session(data), before = session(data), after = session(data);
  learn(whole, 17);
  learn(before, 9);
  save_checkpoint(before, "config", scratch / "last.h5");
  load_checkpoint(after, scratch / "last.h5");
  learn(after, 8);
  const auto a = whole.registry.tensors(), b = after.registry.tensors();
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(torch::equal(a[i].second, b[i].second));
  CHECK(after.counters.samples == whole.counters.samples);
}
