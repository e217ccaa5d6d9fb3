// Latent variables with an encoder and a decoder. A row for each learner, in alphabetical order.
#include "generative/autoencoders/vae.h"
#include "generative/families.h"

namespace generative {

static constexpr const char* vae_trial = R"(name: vae_trial
seed: 0
model: vae
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
vae: {latent: 4}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

std::vector<training::Entry> autoencoders() {
  return {
      {"vae",
       "Variational autoencoder: a latent-variable model trained on a bound of the likelihood",
       "Kingma & Welling (2014), Auto-encoding variational Bayes",
       {"elbo"},
       vae_trial,
       training::factory<Vae>},
  };
}

}  // namespace generative
