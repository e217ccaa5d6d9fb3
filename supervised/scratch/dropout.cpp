#include "supervised/scratch/dropout.h"

#include "core/error.h"
#include "supervised/scratch/elementwise.h"

namespace supervised::scratch {

template <class T>
Tensor<T> dropout(const Tensor<T>& x, double share, const Mode& mode) {
  if (!mode.learning || share == 0) return x;
  const std::vector<uint8_t> kept = mode.draw(x.shape(), share);
  core::check(std::ssize(kept) == x.count(), "dropout: {} numbers, {} draws", x.count(), kept.size());
  std::vector<T> factors;
  factors.reserve(kept.size());
  for (const uint8_t keep : kept) factors.push_back(static_cast<T>(keep) / static_cast<T>(1 - share));
  return x * Tensor<T>(x.shape(), factors);
}

template Tensor<float> dropout(const Tensor<float>&, double, const Mode&);
template Tensor<double> dropout(const Tensor<double>&, double, const Mode&);

}  // namespace supervised::scratch
