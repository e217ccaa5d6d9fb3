// PixelCNN, with masked kernels or gated (pixel_cnn_net.h, gated_pixel_cnn_net.h), on pictures of black and
// white: equation 1 of van den Oord, Kalchbrenner & Kavukcuoglu (2016), Pixel recurrent neural networks.
#pragma once

#include "generative/autoregressive/gated_pixel_cnn_net.h"
#include "generative/autoregressive/pixel_cnn_net.h"
#include "generative/autoregressive/pixel_rows.h"

namespace generative {

class PixelCnn : public training::Learner {
 public:
  struct ModelOptions {
    bool gated = true;
    PixelRows::Options rows;

    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions pixel_cnn;
    PixelCnnOptions net;
    training::data::Options data;

    void fields(core::Fields& f);
  };

  explicit PixelCnn(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { rows_.step(step); }
  void evaluate(training::Eval& eval) override { rows_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { rows_.sample(gallery); }

 private:
  template <class Net>
  PixelNet net_of(Net& net, int64_t height, int64_t width);

  Options options_;
  PixelRows rows_;
  PixelCnnNet plain_{nullptr};
  GatedPixelCnnNet gated_{nullptr};
};

}  // namespace generative
