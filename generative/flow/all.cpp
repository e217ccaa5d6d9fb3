// Invertible maps with an exact likelihood. A row for each learner, in alphabetical order.
#include "generative/families.h"
#include "generative/flow/flow.h"

namespace generative {

static constexpr const char* flow_trial = R"(name: flow_trial
seed: 0
model: flow
data: {name: moons, train_size: 4000, test_size: 2000, batch_size: 100}
flow: {coupling: spline, layers: 4}
net: {hidden: [32]}
optim: {lr: 0.005}
train: {steps: 200}
)";

std::vector<training::Entry> flow() {
  return {
      {"flow",
       "Normalising flow: an invertible map onto a Gaussian, trained on the exact likelihood",
       "Dinh et al. (2017), Density estimation using Real NVP; Durkan et al. (2019), splines",
       {"flow"},
       flow_trial,
       training::factory<Flow>},
  };
}

}  // namespace generative
