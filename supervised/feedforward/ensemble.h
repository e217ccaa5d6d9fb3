// Several multi-layer perceptrons that differ in their first weights and answer together (Lakshminarayanan,
// Pritzel & Blundell 2017, Deep ensembles, without adversarial training).
#pragma once

#include <memory>
#include <vector>

#include "supervised/feedforward/feed_forward.h"
#include "supervised/task.h"

namespace supervised {

struct EnsembleOptions : TaskOptions {
  int64_t members = 5;
  void fields(core::Fields& f);
};

class Ensemble : public training::Learner {
 public:
  struct Options {
    EnsembleOptions ensemble;
    FeedForwardOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Ensemble(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  Task task_;
  std::vector<FeedForward> members_;
  std::shared_ptr<torch::nn::Module> nets_ = std::make_shared<torch::nn::Module>();  // holds them
};

}  // namespace supervised
