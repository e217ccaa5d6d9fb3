#include "generative/flow/radial_flow.h"

#include "generative/flow/actnorm.h"

namespace generative {

using torch::Tensor;

namespace {

struct RadialImpl : torch::nn::Module {
  explicit RadialImpl(int64_t D) {
    centre = register_parameter("centre", torch::randn({D}));
    raw_alpha = register_parameter("raw_alpha", torch::zeros({}));
    raw_beta = register_parameter("raw_beta", torch::zeros({}));
  }

  Tensor alpha() const { return torch::softplus(raw_alpha); }
  Tensor beta() const { return torch::softplus(raw_beta) - alpha(); }  // 0 at first: the identity

  // Of rows at the distance r [B] from the centre: 1 + beta h to every side of the way there, and along it
  // 1 + beta h + beta h' r, h = 1 / (alpha + r).
  Tensor log_stretch(const Tensor& r, int64_t D) const {
    const Tensor sum = alpha() + r, aside = beta() / sum;
    return double(D - 1) * torch::log1p(aside) + torch::log1p(aside * alpha() / sum);
  }
  static Tensor distance(const Tensor& from) {
    return (from.square().sum(1) + 1e-20).sqrt();  // with a slope at the centre itself
  }
  FlowOutput forward(const Tensor& x) const {
    const Tensor away = x - centre, r = distance(away);
    return {x + away * (beta() / (alpha() + r)).unsqueeze(1), log_stretch(r, x.size(1))};
  }
  // The distance that became s solves r^2 + (alpha + beta - s) r - alpha s = 0.
  FlowOutput inverse(const Tensor& y) const {
    const Tensor away = y - centre, s = distance(away), half = (alpha() + beta() - s) / 2;
    const Tensor root = (half.square() + alpha() * s).sqrt();
    const Tensor r = torch::where(half > 0, alpha() * s / (root + half), root - half);  // nothing cancels
    return {centre + away * (r / s).unsqueeze(1), -log_stretch(r, y.size(1))};
  }

  Tensor centre, raw_alpha, raw_beta;
};

}  // namespace

FlowMap radial_flow(int64_t D, int64_t layers) {
  std::vector<FlowMap> all{actnorm("actnorm", D)};
  for (int64_t i = 1; i <= layers; ++i) {
    const auto radial = std::make_shared<RadialImpl>(D);
    all.push_back({[radial](const Tensor& x) { return radial->forward(x); },
                   [radial](const Tensor& y) { return radial->inverse(y); },
                   {{"radial_" + std::to_string(i), radial}}});
  }
  return chain(std::move(all));
}

}  // namespace generative
