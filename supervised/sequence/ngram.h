// Language model: interpolated Witten-Bell n-grams (Witten & Bell 1991; supervised/sequence/ngram_counts.h),
// counted in one pass.
#pragma once

#include "training/torch.h"

#include <optional>
#include <vector>

#include "supervised/sequence/language_grades.h"
#include "supervised/sequence/language_model.h"
#include "supervised/sequence/ngram_counts.h"

namespace supervised {

class Ngram : public training::Learner {
 public:
  struct ModelOptions {
    int64_t order = 5;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions ngram;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Ngram(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  // Of each symbol after the `length` symbols that end before `end`, [V], summing to 1. Only the last
  // order - 1 count.
  std::vector<double> probabilities(const int64_t* end, int64_t length) const {
    return counts_->probabilities(end, length);
  }

 private:
  torch::Tensor log_probabilities(const torch::Tensor& inputs) const;  // [B, T] -> [B, T, V]

  Options options_;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  std::optional<NgramCounts> counts_;
};

}  // namespace supervised
