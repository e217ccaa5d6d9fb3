// Flow matching (Lipman et al. 2023, Flow matching for generative modeling; on straight lines, as Liu, Gong &
// Liu 2023 have them): a net learns the velocity that carries noise to data, and samples follow it.
#pragma once

#include "generative/diffusion/diffusion_model.h"

namespace generative {

class FlowMatching : public training::Learner {
 public:
  struct ModelOptions {
    int64_t sample_steps = 50;
    DiffusionModel::Options model;

    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions flow_matching;
    DenoiserOptions net;
    training::data::Options data;

    void fields(core::Fields& f);
  };

  explicit FlowMatching(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { model_.step(step, loss()); }
  void evaluate(training::Eval& eval) override { model_.evaluate(eval, loss(), draw()); }
  void sample(core::Gallery& gallery) override { model_.sample(gallery, draw()); }

 private:
  DiffusionModel::Loss loss();
  DiffusionModel::Draw draw();

  Options options_;
  DiffusionModel model_;
};

}  // namespace generative
