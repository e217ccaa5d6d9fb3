// Nets on flat inputs. A row for each learner, in alphabetical order.
#include "supervised/families.h"
#include "supervised/feedforward/ensemble.h"
#include "supervised/feedforward/mlp.h"
#include "supervised/feedforward/random_features.h"

namespace supervised {

static constexpr const char* ensemble_trial = R"(name: ensemble_trial
seed: 0
model: ensemble
data: {name: xor, train_size: 1000, test_size: 500, batch_size: 50}
ensemble: {members: 3, mixup: 0.1}
net: {hidden: [32]}
optim: {lr: 0.02}
train: {steps: 200}
)";

static constexpr const char* mlp_trial = R"(name: mlp_trial
seed: 0
model: mlp
data: {name: xor, train_size: 1000, test_size: 500, batch_size: 50}
net: {hidden: [32]}
optim: {lr: 0.02}
train: {steps: 200}
)";

static constexpr const char* random_features_trial = R"(name: random_relu_features_trial
seed: 0
model: random_relu_features
data: {name: xor, train_size: 200, test_size: 500}
random_relu_features: {width: 100, ridge: 0.1}
train: {steps: 2}
)";

static constexpr const char* numbers =
    "data={name: shapes, side: 16, targets: [x], train_size: 20, valid_size: 10, test_size: 10, batch_size: "
    "10}";

std::vector<training::Entry> feedforward() {
  return {
      {"ensemble",
       "Classes or numbers from flattened inputs: perceptrons that begin differently and answer together",
       "Lakshminarayanan, Pritzel & Blundell (2017), Simple and scalable predictive uncertainty estimation "
       "using deep ensembles",
       {"net"},
       ensemble_trial,
       training::factory<Ensemble>,
       {numbers}},
      {"mlp",
       "Classes or numbers from flattened inputs: a multi-layer perceptron",
       "Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors",
       {"net"},
       mlp_trial,
       training::factory<Mlp>,
       {numbers}},
      {"random_relu_features",
       "Classes or numbers from flattened inputs: least squares on hidden units that stay as they were drawn",
       "Rahimi & Recht (2007), Random features for large-scale kernel machines",
       {},
       random_features_trial,
       training::factory<RandomFeatures>,
       {numbers}},
  };
}

}  // namespace supervised
