// Classes or numbers from flattened inputs: multi-layer perceptron.
#pragma once

#include "supervised/feedforward/feed_forward.h"
#include "supervised/task.h"

namespace supervised {

class Mlp : public training::Learner {
 public:
  struct Options {
    BackendTaskOptions mlp{{}, {.known = {"libtorch", "scratch", "scalars"}}};
    FeedForwardOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Mlp(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  Task task_;
  FeedForward net_{nullptr};
};

}  // namespace supervised
