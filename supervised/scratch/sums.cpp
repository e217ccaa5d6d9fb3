#include "supervised/scratch/sums.h"

#include <algorithm>

#include "supervised/scratch/broadcast.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layout.h"

namespace supervised::scratch {

// What is summed is what broadcasting would repeat.
template <class T>
Tensor<T> sum(const Tensor<T>& x, const std::vector<size_t>& sides) {
  using Node = typename Tensor<T>::Node;
  Shape shape = x.shape();
  for (const size_t side : sides) shape.at(side) = 1;
  const Broadcast walk = broadcast(x.shape(), shape, "sum");
  Tensor<T> out = Tensor<T>::made(shape, {x}, [walk](Node& y) {
    walk.each_run([to = y.inputs[0]->slopes(), d = y.gradient.get()](int64_t, int64_t p, int64_t q, int64_t n,
                                                                     int64_t dp, int64_t dq) {
      for (int64_t k = 0; k < n; ++k) to[p + k * dp] += d[q + k * dq];
    });
  });
  std::fill_n(out.values(), out.count(), T(0));
  walk.each_run(
      [u = x.values(), to = out.values()](int64_t, int64_t p, int64_t q, int64_t n, int64_t dp, int64_t dq) {
        for (int64_t k = 0; k < n; ++k) to[q + k * dq] += u[p + k * dp];
      });
  return out;
}

template <class T>
Tensor<T> mean(const Tensor<T>& x, const std::vector<size_t>& sides) {
  const Tensor<T> total = sum(x, sides);
  return scale(total, static_cast<double>(total.count()) / static_cast<double>(x.count()));
}

template <class T>
Tensor<T> sum(const Tensor<T>& x) {
  return reshape(sum(reshape(x, {x.count()}), {0}), {});
}

template <class T>
Tensor<T> mean(const Tensor<T>& x) {
  return scale(sum(x), 1 / static_cast<double>(x.count()));
}

template Tensor<float> sum(const Tensor<float>&, const std::vector<size_t>&);
template Tensor<double> sum(const Tensor<double>&, const std::vector<size_t>&);
template Tensor<float> mean(const Tensor<float>&, const std::vector<size_t>&);
template Tensor<double> mean(const Tensor<double>&, const std::vector<size_t>&);
template Tensor<float> sum(const Tensor<float>&);
template Tensor<double> sum(const Tensor<double>&);
template Tensor<float> mean(const Tensor<float>&);
template Tensor<double> mean(const Tensor<double>&);

}  // namespace supervised::scratch
