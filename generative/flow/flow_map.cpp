#include "generative/flow/flow_map.h"

#include <algorithm>

namespace generative {

using torch::Tensor;

using Layers = std::shared_ptr<const std::vector<FlowMap>>;

static FlowOutput onward(const FlowMap::Way& way, const FlowOutput& before) {
  const FlowOutput here = way(before.y);
  return {here.y, before.log_det.defined() ? before.log_det + here.log_det : here.log_det};
}

static FlowMap::Way forwards(const Layers& layers) {
  return [layers](const Tensor& x) {
    FlowOutput out{x, {}};
    for (const FlowMap& layer : *layers) out = onward(layer.to_latent, out);
    return out;
  };
}

static FlowMap::Way backwards(const Layers& layers) {
  return [layers](const Tensor& z) {
    FlowOutput out{z, {}};
    for (auto layer = layers->rbegin(); layer != layers->rend(); ++layer)
      out = onward(layer->from_latent, out);
    return out;
  };
}

FlowMap chain(std::vector<FlowMap> all) {
  const auto layers = std::make_shared<const std::vector<FlowMap>>(std::move(all));
  FlowMap map{forwards(layers), backwards(layers)};
  for (const FlowMap& layer : *layers)
    map.modules.insert(map.modules.end(), layer.modules.begin(), layer.modules.end());
  if (std::any_of(layers->begin(), layers->end(), [](const FlowMap& layer) { return bool(layer.begin); }))
    map.begin = [layers](const Tensor& rows) {
      Tensor x = rows;
      for (const FlowMap& layer : *layers) {
        if (layer.begin) layer.begin(x);
        x = layer.to_latent(x).y;
      }
    };
  return map;
}

FlowMap reversal() {
  const auto flip = [](const Tensor& x) {
    return FlowOutput{x.flip(1), torch::zeros({x.size(0)}, x.options())};
  };
  return {flip, flip};
}

FlowMap inverse_of(FlowMap map) {
  std::swap(map.to_latent, map.from_latent);
  return map;
}

}  // namespace generative
