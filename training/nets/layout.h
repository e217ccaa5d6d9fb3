// The order in which a net of pictures keeps its numbers: channels last where that is sound, else row by row.
#pragma once

#include "training/torch.h"

namespace training {

// Debian's oneDNN (2.6.3 and 3.7.2) writes behind a buffer in the gradient of a 1 x 1 convolution's weights
// when its stride is 2 or more, its pictures lie channels last, have fewer channels than a vector register
// has numbers, 8 of AVX2 and 16 of AVX-512, and sides that the stride divides. It gathers the pixels that the
// stride meets into a block for `channels` numbers a pixel, and counts on a whole register from its second
// step on (jit_avx2_1x1_convolution.cpp: `sp * ic_block`). With several threads the next one's block is hit:
// nobody dies, the gradient is wrong; of AVX-512 it is seen with several threads and pictures of 16 x 16 or
// more alone. A sweep over channels, kernels, strides, batches, layouts, transposed ones and instruction sets
// found no other place; tests/memory holds it.
constexpr int64_t fewest_channels_last = 16;

// However x lay. contiguous() leaves the stride of a dimension of one as it is, and convolutions go by it:
// pictures of one channel have lain channels last unasked. So the numbers of a picture become a row first.
inline torch::Tensor row_by_row(const torch::Tensor& x) { return x.flatten(1).contiguous().view(x.sizes()); }

// x [B, C, H, W] channels last, which is faster on a CPU, when the strided 1 x 1 convolutions that it goes
// through have at least `channels` channels and these are enough; else row by row.
inline torch::Tensor laid_out(const torch::Tensor& x, int64_t channels) {
  if (channels < fewest_channels_last) return row_by_row(x);
  return row_by_row(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
}

}  // namespace training
