#include "generative/flow/coupling_flow.h"

#include "generative/flow/actnorm.h"
#include "generative/flow/couplings.h"
#include "training/nets/native_mlp.h"

namespace generative {

using torch::Tensor;
using Nets = std::shared_ptr<std::vector<training::NativeMlp>>;

static FlowMap map_of(const Nets& nets, const NumberMap& map) {
  return {[nets, map](const Tensor& x) {
            return through_couplings(nets->size(), x, [&](size_t i, const Tensor& pass, const Tensor& bend) {
              return map.forward(bend, (*nets)[i]->differentiable(pass));
            });
          },
          [nets, map](const Tensor& z) {
            return back_through_couplings(nets->size(), z,
                                          [&](size_t i, const Tensor& pass, const Tensor& bend) {
                                            return map.inverse(bend, (*nets)[i]->differentiable(pass));
                                          });
          }};
}

FlowMap coupling_flow(int64_t D, int64_t layers, const NumberMap& map, const training::MlpOptions& net) {
  const auto nets = std::make_shared<std::vector<training::NativeMlp>>();
  FlowMap couplings = map_of(nets, map);
  for (int64_t i = 0; i < layers; ++i) {
    const std::string name = "coupling_" + std::to_string(i + 1);
    nets->emplace_back(name, D / 2, D / 2 * map.parameters(), net);
    couplings.modules.emplace_back(name, nets->back().ptr());
  }
  if (map.kind != "additive") return couplings;
  return chain({couplings, scaling("scale", D)});  // without it no volume would change (their section 3.3)
}

}  // namespace generative
