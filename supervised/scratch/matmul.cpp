#include "supervised/scratch/matmul.h"

#include <algorithm>

#include "core/error.h"
#include "supervised/scratch/product.h"

namespace supervised::scratch {
namespace {

// B products x [M, K] y_b [K, N]; `turned`: y lies as [N, K].
struct Sizes {
  int64_t B, M, N, K;
  bool turned = false;

  template <class T>
  Matrix<T> y(const T* values, int64_t b) const {
    const Matrix<T> lying{values + b * K * N, turned ? K : N, 1};
    return turned ? lying.transposed() : lying;
  }
};

// d x += d out y^T, d y += x^T d out; where y lies turned, d y^T += d out^T x.
template <class T>
void add_slopes(const Sizes& s, typename Tensor<T>::Node& out) {
  auto &x = *out.inputs[0], &y = *out.inputs[1];
  for (int64_t b = 0; b < s.B; ++b) {
    const Matrix<T> d{out.gradient.get() + b * s.M * s.N, s.N, 1}, rows{x.values.get(), s.K, 1};
    if (x.wants_gradient) multiply_add(s.M, s.K, s.N, d, s.y<T>(y.values.get(), b).transposed(), x.slopes());
    if (!y.wants_gradient) continue;
    T* to = y.slopes() + b * s.K * s.N;
    if (s.turned)
      multiply_add(s.N, s.K, s.M, d.transposed(), rows, to);
    else
      multiply_add(s.K, s.N, s.M, rows.transposed(), d, to);
  }
}

template <class T>
Tensor<T> multiplied(const Tensor<T>& x, const Tensor<T>& y, const Sizes& sizes, Shape shape) {
  Tensor<T> out = Tensor<T>::made(std::move(shape), {x, y},
                                  [sizes](typename Tensor<T>::Node& node) { add_slopes<T>(sizes, node); });
  std::fill_n(out.values(), out.count(), T(0));
  for (int64_t b = 0; b < sizes.B; ++b)
    multiply_add(sizes.M, sizes.N, sizes.K, Matrix<T>{x.values(), sizes.K, 1}, sizes.y<T>(y.values(), b),
                 out.values() + b * sizes.M * sizes.N);
  return out;
}

}  // namespace

template <class T>
Tensor<T> matmul(const Tensor<T>& x, const Tensor<T>& y) {
  const bool many = y.shape().size() == 3;
  core::check(x.shape().size() == 2 && (many || y.shape().size() == 2) && y.size(-2) == x.size(1),
              "matmul: {} and {} do not fit together", text(x.shape()), text(y.shape()));
  const Sizes sizes{many ? y.size(0) : 1, x.size(0), y.size(-1), x.size(1)};
  return multiplied(x, y, sizes, many ? Shape{sizes.B, sizes.M, sizes.N} : Shape{sizes.M, sizes.N});
}

template <class T>
Tensor<T> matmul_transposed(const Tensor<T>& x, const Tensor<T>& y) {
  core::check(x.shape().size() == 2 && y.shape().size() == 2 && x.size(1) == y.size(1),
              "matmul_transposed: {} and {} do not fit together", text(x.shape()), text(y.shape()));
  return multiplied(x, y, {1, x.size(0), y.size(0), x.size(1), true}, {x.size(0), y.size(0)});
}

template Tensor<float> matmul(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> matmul(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> matmul_transposed(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> matmul_transposed(const Tensor<double>&, const Tensor<double>&);

}  // namespace supervised::scratch
