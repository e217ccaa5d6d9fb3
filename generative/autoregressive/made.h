// MADE: masked autoencoder for distribution estimation (Germain, Gregor, Murray & Larochelle 2015), equation
// 2: a multi-layer perceptron of which each output sees the inputs before it alone.
#pragma once

#include "generative/autoregressive/masked_mlp.h"
#include "generative/autoregressive/pixel_rows.h"

namespace generative {

class Made : public training::Learner {
 public:
  struct Options {
    PixelRows::Options made;
    training::MlpOptions net{.hidden = {500}};
    training::data::Options data;

    void fields(core::Fields& f);
  };

  explicit Made(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { rows_.step(step); }
  void evaluate(training::Eval& eval) override { rows_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { rows_.sample(gallery); }

 private:
  Options options_;
  PixelRows rows_;
  MaskedMlp net_{nullptr};
};

}  // namespace generative
