// Convolution as a matrix product of unfolded pictures (LeCun et al. 1998; Chellapilla et al. 2006), and max
// pooling.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// Where a kernel stands upon pictures [C, H, W].
struct Window {
  int64_t C, H, W;
  int64_t kernel_h, kernel_w;
  int64_t stride = 1, padding = 0;  // pixels; the padding is of zeros, on all four sides

  // floor((side + 2 padding - kernel) / stride) + 1: how many places there are down and across.
  int64_t rows() const;
  int64_t columns() const;
};

// What the kernel sees at every place: [B, C, H, W] -> [B, C kernel_h kernel_w, rows columns]. Its slope
// folds the patches back, adding up where they overlap. Error where the kernel is larger than the picture.
template <class T>
Tensor<T> unfold(const Tensor<T>& x, const Window& window);
// x [B, C, H, W], weight [O, C, h, w] -> [B, O, rows, columns].
template <class T>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& weight, int64_t stride, int64_t padding);
// The largest number of each side x side square, those that do not fit at the edges left out: [B, C, H /
// side, W / side].
template <class T>
Tensor<T> max_pool(const Tensor<T>& x, int64_t side);

}  // namespace supervised::scratch
