// Language model: interpolated Witten-Bell n-grams (Witten & Bell 1991), counts mixed with those of shorter
// contexts:
//   p(x | h) = (c(h x) + kinds(h) p(x | h')) / (c(h) + kinds(h)),  h' = h without its first symbol,
// down to the uniform distribution; kinds(h) is how many different symbols have followed h.
#pragma once

#include "training/torch.h"

#include <unordered_map>
#include <vector>

#include "supervised/sequence/language_model.h"

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
  std::vector<double> probabilities(const int64_t* end, int64_t length) const;

 private:
  struct Follower {
    int64_t symbol, count;
  };
  struct Context {
    int64_t total = 0;
    std::vector<Follower> followers;  // in the order of their first appearance
  };

  void count(const int64_t* end, int64_t length, int64_t symbol);
  uint64_t key(const int64_t* end, int64_t length) const;
  torch::Tensor log_probabilities(const torch::Tensor& inputs) const;  // [B, T] -> [B, T, V]
  void state(core::Archive& archive);

  Options options_;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  std::unordered_map<uint64_t, Context> contexts_;  // of 0 .. order - 1 symbols
};

}  // namespace supervised
