#include "generative/gan/gradient_penalty.h"

#include "training/distributions.h"

namespace generative {

using torch::Tensor;

Tensor gradient_penalty(const Critic& critic, const Tensor& x, double norm) {
  const Tensor at = x.detach().requires_grad_();
  const Tensor slope = torch::autograd::grad({critic(at).sum()}, {at}, {}, true, true)[0];  // [B, ...]
  const Tensor squares = slope.flatten(1).square().sum(1);
  // Where the norm is pulled to 0 its square needs no root, whose own slope at 0 is infinite.
  return norm == 0 ? squares.mean() : ((squares + 1e-12).sqrt() - norm).square().mean();
}

Tensor between(const Tensor& x, const Tensor& samples, const torch::Generator& noise) {
  auto one_each = std::vector<int64_t>(size_t(x.dim()), 1);
  one_each[0] = x.size(0);
  const Tensor share = training::uniform_noise(torch::empty(one_each, x.options()), noise);
  return share * x + (1 - share) * samples;
}

}  // namespace generative
