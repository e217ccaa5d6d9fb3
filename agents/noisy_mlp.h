// Weights with learned noise (Fortunato et al. 2018, Noisy networks for exploration, eqs. 9-11): a layer's
// weight is mean + sigma * f(e_out) f(e_in)^T, its bias mean + sigma * f(e_out), f(x) = sign(x) sqrt |x|,
// with e standard normal (factorised Gaussian noise).
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "training/nets/native_mlp.h"

namespace agents {

// Parameters mean.hidden_1.weight, ..., sigma.hidden_1.weight, ... Sigma begins as sigma_0 / sqrt(inputs of
// the layer), sigma_0 = 0.5.
class NoisyMlpImpl : public torch::nn::Module {
 public:
  // `name` is what this net is called in messages ("q").
  NoisyMlpImpl(const std::string& name, int64_t inputs, int64_t outputs, const training::MlpOptions& options);

  // Other noise: forward and backward of drawn() are with it from now on.
  void draw(torch::Generator generator);
  // Likewise after the parameters have changed, with the noise as it was.
  void compose();
  // The net whose weights the noise has moved, and the one without any, by which a policy is evaluated.
  training::NativeMlp drawn() const { return drawn_; }
  training::NativeMlp mean() const { return mean_; }

  // Of drawn(), into the parameters' grad.
  void backward(const torch::Tensor& d_outputs);
  // As NativeMlp's, of both.
  void soft_update(const NoisyMlpImpl& other, double tau);

 private:
  training::NativeMlp mean_{nullptr}, sigma_{nullptr}, drawn_{nullptr};  // drawn_ is no part of a checkpoint
  std::vector<torch::Tensor> noise_;                                     // of each parameter
};
TORCH_MODULE(NoisyMlp);

}  // namespace agents
