// Explicit and alphabetical: one line for each model family.
#include "generative/all.h"

#include "generative/flow.h"
#include "generative/gan.h"
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

static constexpr const char* gan_trial = R"(name: gan_trial
seed: 0
model: gan
data: {name: ring, modes: 4, noise: 0.2, train_size: 4000, test_size: 2000, batch_size: 100}
gan: {latent: 4, n_critic: 2, gradient_penalty: 0.1}
net: {hidden: [32, 32]}
optim: {lr: 0.002, beta1: 0.5, generator: {ema_decay: 0.99}}
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
      "model",
      {
          {"flow",
           "Normalising flow: an invertible map onto a Gaussian, trained on the exact likelihood",
           "Dinh et al. (2017), Density estimation using Real NVP; Durkan et al. (2019), splines",
           {"flow"},
           flow_trial,
           training::blueprint<Flow>},
          {"gan",
           "Generative adversarial network: a generator learns to pass a critic; non-saturating or "
           "Wasserstein with gradient penalty",
           "Goodfellow et al. (2014), Generative adversarial nets; Gulrajani et al. (2017), Improved "
           "training of Wasserstein GANs",
           {"critic", "generator"},
           gan_trial,
           training::blueprint<Gan>},
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
