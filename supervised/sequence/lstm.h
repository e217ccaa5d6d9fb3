// Language model: recurrent layers over symbols (Elman 1990; Hochreiter & Schmidhuber 1997; Graves 2013),
// loss -ln p(x_t | x_<t).
#pragma once

#include "training/torch.h"

#include "supervised/own_net.h"
#include "supervised/sequence/language_grades.h"
#include "supervised/sequence/language_model.h"
#include "training/nets/recurrent.h"

namespace supervised {

class Lstm : public training::Learner {
 public:
  struct ModelOptions {
    int64_t embedding = 64;
    BackendOptions backend;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions lstm;
    training::RecurrentOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Lstm(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  torch::Tensor embed(const torch::Tensor& tokens);  // [B, T] -> [B, T, E]
  // [B, T, E] -> logits [B, T, V], from what is remembered, which then is what the end of the rows left.
  torch::Tensor logits(const torch::Tensor& embedded, training::RecurrentState& state);
  Decode decoder();  // remembers what it has read

 private:
  void prepare_backend(const training::Build& build);
  torch::Tensor forward(const torch::Tensor& tokens);  // [B, T] -> [B, T, V]

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  training::Baselines baselines_;
  std::unique_ptr<training::Source> source_;
  torch::nn::Embedding symbols_{nullptr};
  training::Recurrent recurrent_{nullptr};
  torch::nn::Linear output_{nullptr};
  std::shared_ptr<OwnNet> own_;  // may be null
};

}  // namespace supervised
