#include "supervised/scratch/convolution.h"

#include <algorithm>

#include "core/error.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/matmul.h"

namespace supervised::scratch {

static int64_t places(int64_t side, int64_t kernel, int64_t stride, int64_t padding) {
  const int64_t room = side + 2 * padding - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

int64_t Window::rows() const { return places(H, kernel_h, stride, padding); }

int64_t Window::columns() const { return places(W, kernel_w, stride, padding); }

// Calls visit(pixel, patch) for every pixel that a kernel's number at every place falls upon: places in a
// picture [C, H, W] and in its patches [C kernel_h kernel_w, rows columns].
template <class Visit>
static void each_pixel(const Window& w, Visit&& visit) {
  const int64_t rows = w.rows(), columns = w.columns();
  int64_t patch = 0;
  for (int64_t c = 0; c < w.C; ++c)
    for (int64_t down = 0; down < w.kernel_h; ++down)
      for (int64_t across = 0; across < w.kernel_w; ++across)
        for (int64_t r = 0; r < rows; ++r, patch += columns) {
          const int64_t y = r * w.stride + down - w.padding;
          if (y < 0 || y >= w.H) continue;
          for (int64_t k = 0; k < columns; ++k) {
            const int64_t x = k * w.stride + across - w.padding;
            if (x >= 0 && x < w.W) visit((c * w.H + y) * w.W + x, patch + k);
          }
        }
}

template <class T>
Tensor<T> unfold(const Tensor<T>& x, const Window& window) {
  const int64_t B = x.size(0), L = window.rows() * window.columns(),
                picture = x.count() / std::max<int64_t>(B, 1),
                D = window.C * window.kernel_h * window.kernel_w;
  core::check(L > 0 && window.stride > 0,
              "convolution: a kernel of {} x {} does not fit into {} with padding {}", window.kernel_h,
              window.kernel_w, text(x.shape()), window.padding);
  Tensor<T> out = Tensor<T>::made({B, D, L}, {x}, [=](typename Tensor<T>::Node& y) {
    for (int64_t b = 0; b < B; ++b)
      each_pixel(window, [to = y.inputs[0]->slopes() + b * picture, from = y.gradient.get() + b * D * L](
                             int64_t pixel, int64_t patch) { to[pixel] += from[patch]; });
  });
  std::fill_n(out.values(), out.count(), T(0));
  for (int64_t b = 0; b < B; ++b)
    each_pixel(window, [to = out.values() + b * D * L, from = x.values() + b * picture](
                           int64_t pixel, int64_t patch) { to[patch] = from[pixel]; });
  return out;
}

template <class T>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& weight, int64_t stride, int64_t padding) {
  core::check(x.shape().size() == 4 && weight.shape().size() == 4 && x.size(1) == weight.size(1),
              "convolution: pictures {} and kernels {} do not fit together", text(x.shape()),
              text(weight.shape()));
  const Window window{x.size(1), x.size(2), x.size(3), weight.size(2), weight.size(3), stride, padding};
  const int64_t O = weight.size(0);
  const Tensor<T> kernels = reshape(weight, {O, weight.count() / O});
  return reshape(matmul(kernels, unfold(x, window)), {x.size(0), O, window.rows(), window.columns()});
}

template <class T>
Tensor<T> max_pool(const Tensor<T>& x, int64_t side) {
  core::check(x.shape().size() == 4 && side > 0, "max_pool: expected pictures [B, C, H, W], found {}",
              text(x.shape()));
  const int64_t H = x.size(2), W = x.size(3), rows = H / side, columns = W / side;
  const auto largest = std::make_shared<std::vector<int64_t>>();  // where each result was found
  Tensor<T> out =
      Tensor<T>::made({x.size(0), x.size(1), rows, columns}, {x}, [largest](typename Tensor<T>::Node& y) {
        T* to = y.inputs[0]->slopes();
        for (size_t i = 0; i < largest->size(); ++i)
          to[(*largest)[i]] += y.gradient[static_cast<std::ptrdiff_t>(i)];
      });
  largest->reserve(static_cast<size_t>(out.count()));
  const T* values = x.values();
  for (int64_t i = 0; i < out.count(); ++i) {
    const int64_t picture = i / (rows * columns), r = i / columns % rows, k = i % columns;
    int64_t best = (picture * H + r * side) * W + k * side;
    for (int64_t down = 0, corner = best; down < side; ++down)
      for (int64_t across = 0; across < side; ++across)
        if (const int64_t at = corner + down * W + across; values[at] > values[best]) best = at;
    out.values()[i] = values[best];
    largest->push_back(best);
  }
  return out;
}

template Tensor<float> unfold(const Tensor<float>&, const Window&);
template Tensor<double> unfold(const Tensor<double>&, const Window&);
template Tensor<float> conv2d(const Tensor<float>&, const Tensor<float>&, int64_t, int64_t);
template Tensor<double> conv2d(const Tensor<double>&, const Tensor<double>&, int64_t, int64_t);
template Tensor<float> max_pool(const Tensor<float>&, int64_t);
template Tensor<double> max_pool(const Tensor<double>&, int64_t);

}  // namespace supervised::scratch
