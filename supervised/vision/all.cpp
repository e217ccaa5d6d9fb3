// Classifiers of pictures. A row for each learner, in alphabetical order.
#include "supervised/families.h"
#include "supervised/vision/cnn.h"
#include "supervised/vision/densenet.h"
#include "supervised/vision/resnet.h"
#include "supervised/vision/vit.h"

namespace supervised {

static constexpr const char* cnn_trial = R"(name: cnn_trial
seed: 0
model: cnn
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
net: {channels: [4, 8], hidden: [16]}
optim: {lr: 0.01}
train: {steps: 60}
)";

static constexpr const char* densenet_trial = R"(name: densenet_trial
seed: 0
model: densenet
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
net: {depth: 10, growth: 4}
augment: {padding: 1, flip: true, rotate: 5, erase: 0.05}
optim: {lr: 0.02}
train: {steps: 40}
)";

static constexpr const char* resnet_trial = R"(name: resnet_trial
seed: 0
model: resnet
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
net: {width: 4}
augment: {padding: 0, flip: true}
optim: {lr: 0.01}
train: {steps: 60}
)";

static constexpr const char* vit_trial = R"(name: vit_trial
seed: 0
model: vit
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
net: {patch: 4, layers: 1, heads: 2, width: 16}
optim: {lr: 0.01}
train: {steps: 100}
)";

static constexpr const char* numbers_of_pictures =
    "data={name: shapes, side: 16, targets: [x], train_size: 20, valid_size: 10, test_size: 10, batch_size: "
    "10}";

std::vector<training::Entry> vision() {
  return {
      {"cnn",
       "Classes or numbers from pictures: convolutions, batch norm, pooling, then fully connected layers",
       "LeCun et al. (1998), Gradient-based learning applied to document recognition",
       {"net"},
       cnn_trial,
       training::factory<Cnn>,
       {numbers_of_pictures}},
      {"densenet",
       "Classes or numbers from pictures: each layer sees what all layers of its block before it put out",
       "Huang et al. (2017), Densely connected convolutional networks",
       {"net"},
       densenet_trial,
       training::factory<Densenet>,
       {numbers_of_pictures, "augment={padding: 0, flip: false}"}},
      {"resnet",
       "Classes or numbers from pictures: residual blocks, with crops and mirror images while learning",
       "He et al. (2015), Deep residual learning; (2016), Identity mappings in deep residual networks",
       {"net"},
       resnet_trial,
       training::factory<Resnet>,
       {numbers_of_pictures, "augment={padding: 0, flip: false}"}},
      {"vit",
       "Classes or numbers from pictures: a transformer over patches, each of which looks at all others",
       "Dosovitskiy et al. (2021), An image is worth 16x16 words",
       {"net"},
       vit_trial,
       training::factory<Vit>,
       {numbers_of_pictures}},
  };
}

}  // namespace supervised
