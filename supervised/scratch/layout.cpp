#include "supervised/scratch/layout.h"

#include <algorithm>

#include "core/error.h"

namespace supervised::scratch {

template <class T>
static void add(T* to, const T* from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] += from[i];
}

template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& shape) {
  core::check(count(shape) == x.count(), "reshape: {} has not as many numbers as {}", text(shape),
              text(x.shape()));
  Tensor<T> out = Tensor<T>::made({}, {x}, [](typename Tensor<T>::Node& y) {
    add(y.inputs[0]->slopes(), y.gradient.get(), count(y.shape));
  });
  out.node()->shape = shape;
  out.node()->values = x.node()->values;
  return out;
}

template <class T>
Tensor<T> transpose(const Tensor<T>& x) {
  core::check(x.shape().size() == 2, "transpose: expected [M, N], found {}", text(x.shape()));
  const int64_t M = x.size(0), N = x.size(1);
  Tensor<T> out = Tensor<T>::made({N, M}, {x}, [M, N](typename Tensor<T>::Node& y) {
    T* to = y.inputs[0]->slopes();
    for (int64_t m = 0; m < M; ++m)
      for (int64_t n = 0; n < N; ++n) to[m * N + n] += y.gradient[n * M + m];
  });
  for (int64_t m = 0; m < M; ++m)
    for (int64_t n = 0; n < N; ++n) out.values()[n * M + m] = x.values()[m * N + n];
  return out;
}

template <class T>
Tensor<T> narrow(const Tensor<T>& x, size_t side, int64_t first, int64_t length) {
  Shape shape = x.shape();
  core::check(side < shape.size() && first >= 0 && length >= 0 && first + length <= shape[side],
              "narrow: {} from {} on do not lie within side {} of {}", length, first, side, text(shape));
  shape[side] = length;
  const int64_t inner = count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(side) + 1, shape.end()));
  const int64_t piece = length * inner, row = x.size(static_cast<int64_t>(side)) * inner,
                rows = row == 0 ? 0 : x.count() / row, offset = first * inner;
  Tensor<T> out = Tensor<T>::made(shape, {x}, [=](typename Tensor<T>::Node& y) {
    T* to = y.inputs[0]->slopes() + offset;
    for (int64_t r = 0; r < rows; ++r) add(to + r * row, y.gradient.get() + r * piece, piece);
  });
  for (int64_t r = 0; r < rows; ++r)
    std::copy_n(x.values() + offset + r * row, piece, out.values() + r * piece);
  return out;
}

template <class T>
Tensor<T> concatenate(const std::vector<Tensor<T>>& parts) {
  core::check(!parts.empty(), "concatenate: there is nothing to join");
  Shape shape = parts[0].shape();
  for (size_t i = 1; i < parts.size(); ++i) shape.at(0) += parts[i].size(0);
  Tensor<T> out = Tensor<T>::made(shape, parts, [](typename Tensor<T>::Node& y) {
    const T* from = y.gradient.get();
    for (const auto& input : y.inputs) {
      if (input->wants_gradient) add(input->slopes(), from, count(input->shape));
      from += count(input->shape);
    }
  });
  T* to = out.values();
  for (const Tensor<T>& part : parts) to = std::copy_n(part.values(), part.count(), to);
  return out;
}

template <class T>
Tensor<T> embedding(const Tensor<T>& weight, const std::vector<int64_t>& symbols) {
  const int64_t V = weight.size(0), D = weight.size(1), n = std::ssize(symbols);
  for (const int64_t symbol : symbols)
    core::check(0 <= symbol && symbol < V, "embedding: symbol {}, expected 0 .. {}", symbol, V - 1);
  Tensor<T> out = Tensor<T>::made({n, D}, {weight}, [symbols, D](typename Tensor<T>::Node& y) {
    for (size_t i = 0; i < symbols.size(); ++i)
      add(y.inputs[0]->slopes() + symbols[i] * D, y.gradient.get() + static_cast<int64_t>(i) * D, D);
  });
  for (int64_t i = 0; i < n; ++i)
    std::copy_n(weight.values() + symbols[static_cast<size_t>(i)] * D, D, out.values() + i * D);
  return out;
}

template Tensor<float> reshape(const Tensor<float>&, const Shape&);
template Tensor<double> reshape(const Tensor<double>&, const Shape&);
template Tensor<float> transpose(const Tensor<float>&);
template Tensor<double> transpose(const Tensor<double>&);
template Tensor<float> narrow(const Tensor<float>&, size_t, int64_t, int64_t);
template Tensor<double> narrow(const Tensor<double>&, size_t, int64_t, int64_t);
template Tensor<float> concatenate(const std::vector<Tensor<float>>&);
template Tensor<double> concatenate(const std::vector<Tensor<double>>&);
template Tensor<float> embedding(const Tensor<float>&, const std::vector<int64_t>&);
template Tensor<double> embedding(const Tensor<double>&, const std::vector<int64_t>&);

}  // namespace supervised::scratch
