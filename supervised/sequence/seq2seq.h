// From a question to its answer: a recurrent encoder and decoder with attention (Bahdanau et al. 2015; Luong
// et al. 2015), loss -ln p(y_t | y_<t, question).
#pragma once

#include "training/torch.h"

#include "supervised/sequence/answers.h"
#include "supervised/sequence/encoder_decoder.h"
#include "supervised/sequence/language_model.h"

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
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  struct Sums;
  void measure();
  void grade(Sums& sums, const QuestionsAndAnswers& rows);
  QuestionsAndAnswers shown(const core::Gallery& gallery) const;
  int64_t symbol(const std::string& text) const;  // its number, or -1

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  training::Baselines baselines_;
  std::unique_ptr<training::Source> source_;
  EncoderDecoder net_{nullptr};
  int64_t longest_ = 0;  // symbols in an answer
};

}  // namespace supervised
