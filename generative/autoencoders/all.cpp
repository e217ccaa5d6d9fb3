// Latent variables with an encoder and a decoder. A row for each learner, in alphabetical order.
#include "generative/autoencoders/autoencoder.h"
#include "generative/autoencoders/vae.h"
#include "generative/families.h"

namespace generative {

static constexpr const char* autoencoder_trial = R"(name: autoencoder_trial
seed: 0
model: autoencoder
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
autoencoder: {code: 2, masked: 0.1}
net: {hidden: [64]}
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

std::vector<training::Entry> autoencoders() {
  return {
      {"autoencoder",
       "Autoencoder: a code of few numbers from which a row is given back",
       "Hinton & Salakhutdinov (2006), Reducing the dimensionality of data with neural networks",
       {"reconstruction"},
       autoencoder_trial,
       training::factory<Autoencoder>,
       {"autoencoder.masked=0"}},
      {"vae",
       "Variational autoencoder: a latent-variable model trained on a bound of the likelihood",
       "Kingma & Welling (2014), Auto-encoding variational Bayes",
       {"elbo"},
       vae_trial,
       training::factory<Vae>},
  };
}

}  // namespace generative
