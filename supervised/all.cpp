// Explicit and alphabetical: one line for each learner.
#include "supervised/all.h"

#include "supervised/cnn.h"
#include "supervised/gpt.h"
#include "supervised/lstm.h"
#include "supervised/mlp.h"
#include "supervised/ngram.h"
#include "supervised/resnet.h"

namespace supervised {

static constexpr const char* cnn_trial = R"(name: cnn_trial
seed: 0
model: cnn
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
net: {channels: [4, 8], hidden: [16]}
optim: {lr: 0.01}
train: {steps: 60}
)";

static constexpr const char* gpt_trial = R"(name: gpt_trial
seed: 0
model: gpt
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
net: {layers: 2, heads: 2, width: 32}
optim: {algorithm: adamw, lr: 0.01, beta2: 0.99, weight_decay: 0.1, clip_norm: 1, schedule: cosine, warmup: 0.1}
train: {steps: 200}
)";

static constexpr const char* lstm_trial = R"(name: lstm_trial
seed: 0
model: lstm
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
lstm: {embedding: 16}
net: {width: 64}
optim: {lr: 0.01, clip_norm: 1, schedule: cosine}
train: {steps: 300}
)";

static constexpr const char* mlp_trial = R"(name: mlp_trial
seed: 0
model: mlp
data: {name: xor, train_size: 1000, test_size: 500, batch_size: 50}
net: {hidden: [32]}
optim: {lr: 0.02}
train: {steps: 200}
)";

static constexpr const char* ngram_trial = R"(name: ngram_trial
seed: 0
model: ngram
data: {name: anbn, copies: 400, batch_size: 10}
ngram: {order: 5}
train: {steps: 200}
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

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table(
      "model",
      {
          {"cnn",
           "Classifier of pictures: convolutions, batch norm, pooling, then fully connected layers",
           "LeCun et al. (1998), Gradient-based learning applied to document recognition",
           {"net"},
           cnn_trial,
           training::blueprint<Cnn>},
          {"gpt",
           "Language model: a causal transformer on the symbols of a sequence, such as the characters of a "
           "text",
           "Radford et al. (2019), Language models are unsupervised multitask learners; Vaswani et al. "
           "(2017)",
           {"net"},
           gpt_trial,
           training::blueprint<Gpt>},
          {"lstm",
           "Language model: LSTM or GRU layers on the symbols of a sequence",
           "Hochreiter & Schmidhuber (1997), Long short-term memory; Cho et al. (2014)",
           {"net"},
           lstm_trial,
           training::blueprint<Lstm>},
          {"mlp",
           "Classifier: a multi-layer perceptron on the flattened inputs",
           "Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors",
           {"net"},
           mlp_trial,
           training::blueprint<Mlp>},
          {"ngram",
           "Language model: n-grams, interpolated with shorter ones (Witten-Bell); the baseline of the "
           "others",
           "Witten & Bell (1991), The zero-frequency problem",
           {},
           ngram_trial,
           training::blueprint<Ngram>},
          {"resnet",
           "Classifier of pictures: residual blocks, with crops and mirror images while learning",
           "He et al. (2015), Deep residual learning; (2016), Identity mappings in deep residual networks",
           {"net"},
           resnet_trial,
           training::blueprint<Resnet>},
      });
  return table;
}

}  // namespace supervised
