// From a question to its answer: a transformer that reads and one that writes (Vaswani et al. 2017).
#pragma once

#include "training/torch.h"

#include "supervised/sequence/encoder_decoder_transformer.h"
#include "supervised/sequence/question_task.h"

namespace supervised {

class Transformer : public training::Learner {
 public:
  struct Options {
    training::TransformerOptions net{.layers = 2};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Transformer(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  QuestionTask task_;
  EncoderDecoderTransformer net_{nullptr};
};

}  // namespace supervised
