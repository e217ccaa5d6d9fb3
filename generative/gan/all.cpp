// A generator against a critic. A row for each learner, in alphabetical order.
#include "generative/families.h"
#include "generative/gan/gan.h"

namespace generative {

static constexpr const char* gan_trial = R"(name: gan_trial
seed: 0
model: gan
data: {name: ring, modes: 4, noise: 0.2, train_size: 4000, test_size: 2000, batch_size: 100}
gan: {latent: 4, n_critic: 2, gradient_penalty: 0.1}
net: {hidden: [32, 32]}
optim: {lr: 0.002, beta1: 0.5, generator: {ema_decay: 0.99}}
train: {steps: 200}
)";

std::vector<training::Entry> gan() {
  return {
      {"gan",
       "Generative adversarial network: a generator learns to pass a critic; minimax, non-saturating, least "
       "squares, Wasserstein; told the class or not",
       "Goodfellow et al. (2014), Generative adversarial nets; Gulrajani et al. (2017), Improved "
       "training of Wasserstein GANs; Miyato & Koyama (2018), cGANs with projection discriminator",
       {"critic", "generator"},
       gan_trial,
       training::factory<Gan>,
       {"gan.loss=least_squares", "gan.spectral_norm=true", "gan.condition=class"}},
  };
}

}  // namespace generative
