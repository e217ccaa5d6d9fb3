// Nets on flat inputs. A row for each learner, in alphabetical order.
#include "supervised/families.h"
#include "supervised/feedforward/mlp.h"

namespace supervised {

static constexpr const char* mlp_trial = R"(name: mlp_trial
seed: 0
model: mlp
data: {name: xor, train_size: 1000, test_size: 500, batch_size: 50}
net: {hidden: [32]}
optim: {lr: 0.02}
train: {steps: 200}
)";

static constexpr const char* numbers =
    "data={name: shapes, side: 16, targets: [x], train_size: 20, valid_size: 10, test_size: 10, batch_size: "
    "10}";

std::vector<training::Entry> feedforward() {
  return {
      {"mlp",
       "Classes or numbers from flattened inputs: a multi-layer perceptron",
       "Rumelhart, Hinton & Williams (1986), Learning representations by back-propagating errors",
       {"net"},
       mlp_trial,
       training::factory<Mlp>,
       {numbers}},
  };
}

}  // namespace supervised
