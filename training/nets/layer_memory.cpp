#include "training/nets/layer_memory.h"

#include <fmt/format.h>

#include "core/memory.h"

namespace training {

void foresee_layers(const std::string& name, int64_t inputs, int64_t outputs,
                    const std::vector<int64_t>& hidden) {
  double weights = 0, width = double(inputs);
  for (const int64_t next : hidden) {
    weights += width * double(next);
    width = double(next);
  }
  weights += width * double(outputs);
  core::foresee_memory(
      4 * sizeof(float) * weights,
      fmt::format("net: the {} layers of {} with {:.3g} weights, gradient and moments included,",
                  hidden.size() + 1, name, weights));
}

}  // namespace training
