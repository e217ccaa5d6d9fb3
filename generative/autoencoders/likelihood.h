// What a decoder's numbers say of a row: p(x|z), in nats, and what of a grey picture a model of black and
// white pixels is shown, in learning, evaluation and pictures alike.
#pragma once

#include "training/torch.h"

#include <string>

#include "core/options.h"
#include "training/data/all.h"

namespace generative {

struct LikelihoodOptions {
  std::string likelihood = "bernoulli";
  std::string binarise = "dynamic";

  void fields(core::Fields& f);
};

class LikelihoodImpl : public torch::nn::Module {
 public:
  // Of rows of `data`, which goes by `name`; Error that names the options' `section` where they do not fit.
  LikelihoodImpl(const LikelihoodOptions& options, const training::data::Data& data, const std::string& name,
                 const std::string& section);

  // What the model is shown of inputs [B, ...]: flattened, each grey value drawn anew as black or white.
  torch::Tensor observe(const torch::Tensor& inputs, const torch::Generator& binarise) const;  // [B, D]
  // ln p(x|z) of x [B, D] by what the decoder put out, [..., B, D]: [..., B].
  torch::Tensor log_prob(const torch::Tensor& x, const torch::Tensor& out) const;
  // What a person looks at, [B, D]: of pictures the mean, as everybody shows; of other rows a draw.
  torch::Tensor look(const torch::Tensor& out, const torch::Generator& noise) const;

 private:
  bool is(const char* kind) const { return options_.likelihood == kind; }

  LikelihoodOptions options_;
  bool pictures_;
  // gaussian and discretised_logistic: one width for all numbers, learnt (Rybkin, Daniilidis & Levine 2021)
  torch::Tensor log_std_;
};
TORCH_MODULE(Likelihood);

}  // namespace generative
