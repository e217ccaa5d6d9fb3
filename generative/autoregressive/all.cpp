// Models that say of each number of a row, by those before it, how likely it is. A row for each learner, in
// alphabetical order.
#include "generative/autoregressive/made.h"
#include "generative/autoregressive/pixel_cnn.h"
#include "generative/families.h"

namespace generative {

static constexpr const char* made_trial = R"(name: made_trial
seed: 0
model: made
data: {name: stripes, train_size: 2000, test_size: 500, batch_size: 100}
net: {hidden: [64]}
optim: {lr: 0.02}
train: {steps: 200}
)";

static constexpr const char* pixel_cnn_trial = R"(name: pixel_cnn_trial
seed: 0
model: pixel_cnn
data: {name: stripes, train_size: 1000, test_size: 200, batch_size: 25}
net: {channels: 8, layers: 1, first_kernel: 3}
optim: {lr: 0.02}
train: {steps: 60}
)";

std::vector<training::Entry> autoregressive() {
  return {
      {"made",
       "MADE: a multi-layer perceptron whose outputs see the inputs before them alone; an exact likelihood",
       "Germain, Gregor, Murray & Larochelle (2015), MADE: masked autoencoder for distribution estimation",
       {"likelihood"},
       made_trial,
       training::factory<Made>},
      {"pixel_cnn",
       "PixelCNN: convolutions that see the pixels above and to the left alone, plain or gated; an exact "
       "likelihood",
       "van den Oord et al. (2016), Conditional image generation with PixelCNN decoders",
       {"likelihood"},
       pixel_cnn_trial,
       training::factory<PixelCnn>,
       {"pixel_cnn.gated=false"}},
  };
}

}  // namespace generative
