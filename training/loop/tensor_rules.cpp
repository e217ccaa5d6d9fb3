#include "training/loop/tensor_rules.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace training {

static void adam_tensors(const UpdateRule& r, torch::Tensor& w, torch::Tensor d, torch::Tensor& m,
                         torch::Tensor& v) {
  const double b1 = r.options.beta1, b2 = r.options.beta2;
  if (r.algorithm == "adamw")
    w.mul_(1 - r.lr * r.weight_decay);
  else
    d = d + r.weight_decay * w;
  m.mul_(b1).add_(d, 1 - b1);
  v.mul_(b2).addcmul_(d, d, 1 - b2);
  const torch::Tensor root = v.sqrt() / std::sqrt(1 - std::pow(b2, r.step)) + r.options.eps;
  w.addcdiv_(m, root, -r.lr / (1 - std::pow(b1, r.step)));
}

static void sgd_tensors(const UpdateRule& r, torch::Tensor& w, torch::Tensor d, torch::Tensor& m) {
  d = d + r.weight_decay * w;
  if (m.defined()) {
    m.mul_(r.step == 1 ? 0 : r.options.momentum).add_(d);
    d = r.options.nesterov ? d + r.options.momentum * m : m;
  }
  w.sub_(d, r.lr);
}

static void rmsprop_tensors(const UpdateRule& r, torch::Tensor& w, const torch::Tensor& d, torch::Tensor& v) {
  v.mul_(r.options.alpha).addcmul_(d, d, 1 - r.options.alpha);
  w.addcdiv_(d, v.sqrt() + r.options.eps, -r.lr);
}

static void adagrad_tensors(const UpdateRule& r, torch::Tensor& w, const torch::Tensor& d,
                            torch::Tensor& sum) {
  sum.addcmul_(d, d);
  w.addcdiv_(d, sum.sqrt() + r.options.eps, -r.lr);
}

static void adadelta_tensors(const UpdateRule& r, torch::Tensor& w, const torch::Tensor& d, torch::Tensor& v,
                             torch::Tensor& u) {
  const double alpha = r.options.alpha, eps = r.options.eps;
  v.mul_(alpha).addcmul_(d, d, 1 - alpha);
  const torch::Tensor step = (u + eps).sqrt() / (v + eps).sqrt() * d;
  u.mul_(alpha).addcmul_(step, step, 1 - alpha);
  w.sub_(step, r.lr);
}

static void lion_tensors(const UpdateRule& r, torch::Tensor& w, const torch::Tensor& g, torch::Tensor& m) {
  const double b1 = r.options.beta1, b2 = r.options.beta2;
  const torch::Tensor direction = (b1 * m + (1 - b1) * g).sign();
  m.mul_(b2).add_(g, 1 - b2);
  w.mul_(1 - r.lr * r.weight_decay).sub_(direction, r.lr);
}

torch::Tensor orthogonalised(const torch::Tensor& matrix) {
  const bool tall = matrix.size(0) > matrix.size(1);
  torch::Tensor x = (tall ? matrix.t() : matrix) / (matrix.norm() + 1e-7);
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor square = x.matmul(x.t());
    x = 3.4445 * x + (-4.7750 * square + 2.0315 * square.matmul(square)).matmul(x);
  }
  return tall ? x.t() : x;
}

// Steps are as long as AdamW's usually are, 0.2 in each number's mean square (Liu et al. 2025, equation 4),
// so that one rate serves both. A kernel [out, in, k, k] is a matrix [out, in k k].
static void muon_tensors(const UpdateRule& r, torch::Tensor& w, const torch::Tensor& g, torch::Tensor& m) {
  m.mul_(r.options.momentum).add_(g);
  const torch::Tensor matrix = (r.options.nesterov ? g + r.options.momentum * m : m).flatten(1);
  const double length = 0.2 * std::sqrt(static_cast<double>(std::max(matrix.size(0), matrix.size(1))));
  w.mul_(1 - r.lr * r.weight_decay).sub_(orthogonalised(matrix).reshape(w.sizes()), r.lr * length);
}

void apply_tensors(const UpdateRule& r, torch::Tensor w, const torch::Tensor& g, torch::Tensor first,
                   torch::Tensor second) {
  const std::string& name = r.algorithm;
  if (name == "sgd") return sgd_tensors(r, w, g, first);
  if (name == "lion") return lion_tensors(r, w, g, first);
  if (name == "muon") return muon_tensors(r, w, g, first);
  if (name == "adam" || name == "adamw") return adam_tensors(r, w, g, first, second);
  const torch::Tensor d = g + r.weight_decay * w;
  if (name == "rmsprop") return rmsprop_tensors(r, w, d, first);
  if (name == "adagrad") return adagrad_tensors(r, w, d, first);
  core::check(name == "adadelta", "no rule '{}'", name);
  adadelta_tensors(r, w, d, first, second);
}

}  // namespace training
