#include "generative/flow/autoregressive_flow.h"

#include "generative/autoregressive/masked_mlp.h"

namespace generative {

using torch::Tensor;

// Each pass settles one more number, since what is said of a number depends on those before it alone.
static FlowOutput one_by_one(const Tensor& y, MaskedMlp net, const NumberMap& map) {
  FlowOutput out{torch::zeros_like(y), {}};
  for (int64_t d = 0; d < y.size(1); ++d) out = map.inverse(y, net->forward(out.y));
  return out;
}

static FlowMap layer(const std::string& name, int64_t D, const NumberMap& map,
                     const training::MlpOptions& options) {
  MaskedMlp net(name, D, map.speaks_of(D), options);  // number d sees the d before it
  return {[net, map](const Tensor& x) mutable { return map.forward(x, net->forward(x)); },
          [net, map](const Tensor& y) { return one_by_one(y, net, map); },
          {{name, net.ptr()}}};
}

FlowMap masked_autoregressive_flow(int64_t D, int64_t layers, const NumberMap& map,
                                   const training::MlpOptions& net) {
  std::vector<FlowMap> all;
  for (int64_t i = 1; i <= layers; ++i) {
    all.push_back(layer("layer_" + std::to_string(i), D, map, net));
    all.push_back(reversal());
  }
  return chain(std::move(all));
}

FlowMap inverse_autoregressive_flow(int64_t D, int64_t layers, const NumberMap& map,
                                    const training::MlpOptions& net) {
  return inverse_of(masked_autoregressive_flow(D, layers, map, net));
}

}  // namespace generative
