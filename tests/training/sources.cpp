// Several sources side by side, of different kinds: each is drawn from at its own pace, and all go on after a
// resume where they stood.
#include "training/data/source.h"

#include "tests/catch.h"
#include "tests/scratch.h"
#include "training/data/loader.h"
#include "training/loop/checkpoint.h"
#include "training/loop/session.h"

using namespace training;

namespace {

// Endless rows without labels: batch k holds k.
class Counted : public Source {
 public:
  Batch next() override {
    Batch batch(torch::full({3, 1}, float(next_)));
    next_ += overfit_ ? 0 : 1;
    return batch;
  }
  int64_t batch_size() const override { return 3; }
  double epoch() const override { return double(next_) / 10; }
  void overfit() override {
    overfit_ = true;
    next_ = 0;
  }
  void state(core::Archive& archive) override { archive("next", next_); }

 private:
  bool overfit_ = false;
  int64_t next_ = 0;
};

// A linear map that is pulled towards labelled rows and, half as often, towards unlabelled ones.
class HalfLabelled : public Learner {
 public:
  void build(Build& build) override {
    Dataset rows(torch::arange(20, torch::kFloat32).unsqueeze(1) / 20, torch::arange(20) % 2);
    labelled_ = std::make_unique<Loader>(rows, 4, build.seed_for("data"), torch::kCPU);
    build.source("labelled", *labelled_);
    build.source("unlabelled", unlabelled_);
    build.module("net", *net_);
    build.optimizer("net", {net_.get()}, {{"error", "", "Squared error"}});
  }
  void step(Step& step) override {
    const Batch few = step.next(*labelled_);
    torch::Tensor error = (net_(few.inputs()).squeeze(1) - few.targets()).square().mean();
    if (step.counters().step % 2 == 0) error = error + net_(step.next(unlabelled_).inputs()).square().mean();
    step.update("net", {{"error", error}});
  }

 private:
  std::unique_ptr<Loader> labelled_;
  Counted unlabelled_;
  torch::nn::Linear net_{1, 1};
};

Session session() {
  static const core::Table<training::Entry> none("agent", {});
  const auto make = [] {
    return Factory{[](core::Fields&) {}, [] { return std::make_unique<HalfLabelled>(); }};
  };
  const core::Table<training::Entry> models(
      "model", {{"half_labelled", "Learns from two sources", "", {"net"}, "", make}});
  const std::string yaml = "{model: half_labelled, optim: {lr: 0.01}, train: {steps: 100}}";
  Experiment experiment = read_experiment(core::parse_yaml(yaml, "half.yaml"), {none, models}, "half");
  return {std::move(experiment), models.at("half_labelled")};
}

void learn(Session& session, int64_t steps) {
  const Logger silent{[](const std::string&, double) {}, {}};
  for (int64_t i = 0; i < steps; ++i) session.step(silent);
}

}  // namespace

TEST_CASE("Sources of different kinds are drawn from side by side, and the first counts epochs",
          "[training][data]") {
  Session run = session();
  learn(run, 6);
  CHECK(run.counters.samples == 6 * 4 + 3 * 3);
  CHECK(run.counters.epoch == Approx(6 / 5.0));
}

TEST_CASE("Every source goes on from its own cursor", "[training][data]") {
  const Scratch scratch;
  Session whole = session(), before = session(), after = session();
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
