// Language model: causal transformer on symbols (GPT-2, Radford et al. 2019), loss -ln p(x_t | x_<t).
#pragma once

#include "training/torch.h"

#include "supervised/sequence/language_grades.h"
#include "supervised/sequence/language_model.h"
#include "training/nets/transformer.h"

namespace supervised {

class Gpt : public training::Learner {
 public:
  struct Options {
    training::TransformerOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Gpt(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  // Reads on in windows of at most `block` symbols (the rows' length): a full one goes on with its later
  // half. Cached: keys and values are kept, each symbol costs one row; else every window is computed whole.
  Decode decoder(bool cached = true);

 private:
  void show_attention(core::Gallery& gallery);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  training::Baselines baselines_;
  std::unique_ptr<training::Source> source_;
  training::Transformer net_{nullptr};
};

}  // namespace supervised
