// Explicit and alphabetical: one line for each model family.
#include "generative/all.h"

#include "generative/flow.h"
#include "generative/vae.h"

namespace generative {

static constexpr const char* flow_trial = R"(name: flow_trial
seed: 0
model: flow
data: {name: moons, train_size: 4000, test_size: 2000, batch_size: 100}
flow: {coupling: spline, couplings: 4}
net: {hidden: [32]}
optim: {lr: 0.005}
train: {steps: 200}
)";

static constexpr const char* vae_trial = R"(name: vae_trial
seed: 0
model: vae
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
vae: {latent: 4}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table(
      "model", {
                   {"flow",
                    "Normalising flow: an invertible map onto a Gaussian, trained on the exact likelihood",
                    "Dinh et al. (2017), Density estimation using Real NVP; Durkan et al. (2019), splines",
                    {"flow"},
                    flow_trial,
                    training::blueprint<Flow>},
                   {"vae",
                    "Variational autoencoder: a latent-variable model trained on a bound of the likelihood",
                    "Kingma & Welling (2014), Auto-encoding variational Bayes",
                    {"elbo"},
                    vae_trial,
                    training::blueprint<Vae>},
               });
  return table;
}

}  // namespace generative
