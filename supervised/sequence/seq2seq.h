// From a question to its answer: a recurrent encoder and decoder with attention (Bahdanau et al. 2015; Luong
// et al. 2015).
#pragma once

#include "training/torch.h"

#include "supervised/sequence/encoder_decoder.h"
#include "supervised/sequence/question_task.h"

namespace supervised {

class Seq2seq : public training::Learner {
 public:
  struct Options {
    EncoderDecoderOptions seq2seq;
    training::RecurrentOptions net{.cell = "gru", .width = 64};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Seq2seq(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  QuestionTask task_;
  EncoderDecoder net_{nullptr};
};

}  // namespace supervised
