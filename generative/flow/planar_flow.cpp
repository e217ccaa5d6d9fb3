#include "generative/flow/planar_flow.h"

#include "generative/flow/actnorm.h"

namespace generative {

using torch::Tensor;

namespace {

struct PlanarImpl : torch::nn::Module {
  explicit PlanarImpl(int64_t D) {
    u = register_parameter("u", 0.01 * torch::randn({D}));
    w = register_parameter("w", torch::randn({D}));
    b = register_parameter("b", torch::randn({}));
  }

  // u with as much of w added as keeps w u above -1, where the map is invertible.
  Tensor push() const {
    const Tensor along = w.dot(u);
    return u + (torch::softplus(along) - 1 - along) * w / w.square().sum().clamp_min(1e-12);
  }
  Tensor log_stretch(const Tensor& bent, const Tensor& along) const {  // bent [B], a tanh
    return torch::log1p((1 - bent.square()) * along);
  }
  FlowOutput forward(const Tensor& x) const {
    const Tensor v = push(), bent = (x.mv(w) + b).tanh();
    return {x + bent.unsqueeze(1) * v, log_stretch(bent, w.dot(v))};
  }
  // Along w the map is the rising a + c tanh(a + b), which moves by at most |c|.
  FlowOutput inverse(const Tensor& y) const {
    constexpr int bisections = 64;
    const Tensor v = push(), c = w.dot(v), goal = y.mv(w);
    Tensor low = goal - c.abs(), high = goal + c.abs();
    for (int i = 0; i < bisections; ++i) {
      const Tensor middle = (low + high) / 2, below = middle + c * (middle + b).tanh() < goal;
      low = torch::where(below, middle, low);
      high = torch::where(below, high, middle);
    }
    const Tensor bent = ((low + high) / 2 + b).tanh();
    return {y - bent.unsqueeze(1) * v, -log_stretch(bent, c)};
  }

  Tensor u, w, b;
};

}  // namespace

FlowMap planar_flow(int64_t D, int64_t layers) {
  std::vector<FlowMap> all{actnorm("actnorm", D)};
  for (int64_t i = 1; i <= layers; ++i) {
    const auto planar = std::make_shared<PlanarImpl>(D);
    all.push_back({[planar](const Tensor& x) { return planar->forward(x); },
                   [planar](const Tensor& y) { return planar->inverse(y); },
                   {{"planar_" + std::to_string(i), planar}}});
  }
  return chain(std::move(all));
}

}  // namespace generative
