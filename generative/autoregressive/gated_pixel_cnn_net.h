// Gated PixelCNN (van den Oord et al. 2016, Conditional image generation with PixelCNN decoders, equation 2
// and figure 2): a stack of layers sees all rows above, another the pixels to the left and the first one; no
// pixel above is hidden, as some are from masked kernels.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "generative/autoregressive/pixel_cnn_net.h"

namespace generative {

// One layer of both stacks. The first one sees nothing of a pixel's own row and of the pixel itself.
class GatedLayerImpl : public torch::nn::Module {
 public:
  GatedLayerImpl(const std::string& name, int64_t in, int64_t channels, int64_t kernel, bool is_first);

  int64_t reach() const { return reach_; }
  int64_t kernel_rows() const { return is_first_ ? reach_ : reach_ + 1; }  // those above, and its own
  int64_t kernel_columns() const { return kernel_rows(); }                 // likewise
  // Zeros around what the stacks see: `reach` rows above and columns on either side; columns on the left.
  torch::Tensor below_margin(const torch::Tensor& v) const;
  torch::Tensor right_of_margin(const torch::Tensor& h) const;

  // What the stack of rows puts out ahead of its gates, [B, in, n + kernel_rows - 1, W + 2 reach] ->
  // [B, 2 C, n, W].
  torch::Tensor rows(const torch::Tensor& padded) { return rows_->forward(padded); }
  // The other one's, `v` [B, 2 C, n, m] beside it, [B, in, n, m + kernel_columns - 1] -> [B, 2 C, n, m].
  torch::Tensor columns(const torch::Tensor& padded, const torch::Tensor& v);
  torch::Tensor link(const torch::Tensor& v) { return link_->forward(v); }  // from the one to the other
  // Behind the gates, added to what it was given, [B, C, n, m] (the first one's is not).
  torch::Tensor onward(const torch::Tensor& h, const torch::Tensor& given);

 private:
  bool is_first_;
  int64_t reach_;
  torch::nn::Conv2d rows_{nullptr}, columns_{nullptr}, link_{nullptr}, onward_{nullptr};
};
TORCH_MODULE(GatedLayer);

// tanh(a) sigmoid(b) of the two halves of the channels: [B, 2 C, ...] -> [B, C, ...].
torch::Tensor gated(const torch::Tensor& x);

class GatedPixelCnnNetImpl : public torch::nn::Module {
 public:
  GatedPixelCnnNetImpl(int64_t height, int64_t width, const PixelCnnOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, H * W] of 0 .. 1 -> log-odds [B, H * W]
  // PixelNet::go_on: a row costs one row of the first stack, a pixel one place of the other.
  void go_on(torch::Tensor x, int64_t first, const DrawNumber& draw);

 private:
  // What each layer of the first stack is given, with its margin.
  std::vector<torch::Tensor> rows_seen(const torch::Tensor& picture);
  // What row i of the first stack tells each layer of the other, [B, 2 C, 1, W]; `seen` gets that row.
  std::vector<torch::Tensor> links_of_row(std::vector<torch::Tensor>& seen, int64_t i);
  // The second stack along one row: draws its pixels from column `from` on, those before are given.
  void go_on_in_row(const torch::Tensor& x, int64_t i, int64_t from, const std::vector<torch::Tensor>& links,
                    const DrawNumber& draw);
  torch::Tensor head(const torch::Tensor& h);  // [B, C, n, m] -> [B, n * m]

  int64_t height_, width_;
  std::vector<GatedLayer> layers_;
  torch::nn::Conv2d mixed_{nullptr}, output_{nullptr};
};
TORCH_MODULE(GatedPixelCnnNet);

}  // namespace generative
