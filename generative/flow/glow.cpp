#include "generative/flow/glow.h"

#include "generative/flow/actnorm.h"
#include "generative/flow/invertible_linear.h"
#include "training/nets/native_mlp.h"

namespace generative {

using torch::Tensor;

// The second half, given the first; the linear maps take turns in the place of an order.
static FlowMap coupling(const std::string& name, int64_t D, const NumberMap& map,
                        const training::MlpOptions& options) {
  training::NativeMlp net(name, D / 2, D / 2 * map.parameters(), options);
  return {[net, map](const Tensor& x) mutable {
            const auto halves = x.chunk(2, 1);
            const FlowOutput bent = map.forward(halves[1], net->differentiable(halves[0]));
            return FlowOutput{torch::cat({halves[0], bent.y}, 1), bent.log_det};
          },
          [net, map](const Tensor& y) mutable {
            const auto halves = y.chunk(2, 1);
            const FlowOutput bent = map.inverse(halves[1], net->differentiable(halves[0]));
            return FlowOutput{torch::cat({halves[0], bent.y}, 1), bent.log_det};
          },
          {{name, net.ptr()}}};
}

FlowMap glow(int64_t D, int64_t steps, const NumberMap& map, const training::MlpOptions& net) {
  std::vector<FlowMap> layers;
  for (int64_t i = 1; i <= steps; ++i) {
    layers.push_back(actnorm("actnorm_" + std::to_string(i), D));
    layers.push_back(invertible_linear("linear_" + std::to_string(i), D));
    layers.push_back(coupling("coupling_" + std::to_string(i), D, map, net));
  }
  return chain(std::move(layers));
}

}  // namespace generative
