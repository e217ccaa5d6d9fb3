#include "supervised/scratch/layer_norm.h"

#include "core/error.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/sums.h"

namespace supervised::scratch {

template <class T>
Tensor<T> layer_norm(const Tensor<T>& x, const Tensor<T>& gain, const Tensor<T>& shift) {
  constexpr double small = 1e-5;
  core::check(x.shape().size() == 2 && x.size(1) == gain.count(),
              "layer_norm: expected rows of {} numbers, found {}", gain.count(), text(x.shape()));
  const Tensor<T> centred = x - mean(x, {1}), variance = mean(centred * centred, {1});  // [B, 1]
  return centred * pow(scale(variance, 1, small), -0.5) * gain + shift;
}

template Tensor<float> layer_norm(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&);
template Tensor<double> layer_norm(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&);

}  // namespace supervised::scratch
