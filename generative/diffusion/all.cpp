// Data made of noise over a time. A row for each learner, in alphabetical order.
#include "generative/diffusion/ddpm.h"
#include "generative/diffusion/flow_matching.h"
#include "generative/families.h"

namespace generative {

static constexpr const char* ddpm_trial = R"(name: ddpm_trial
seed: 0
model: ddpm
data: {name: ring, modes: 4, noise: 0.2, train_size: 2000, test_size: 500, batch_size: 100}
ddpm: {steps: 20, graded_samples: 300}
net: {hidden: [32, 32]}
optim: {lr: 0.003}
train: {steps: 100}
)";

static constexpr const char* flow_matching_trial = R"(name: flow_matching_trial
seed: 0
model: flow_matching
data: {name: ring, modes: 4, noise: 0.2, train_size: 2000, test_size: 500, batch_size: 100}
flow_matching: {sample_steps: 10, graded_samples: 300}
net: {hidden: [32, 32]}
optim: {lr: 0.003}
train: {steps: 100}
)";

std::vector<training::Entry> diffusion() {
  return {
      {"ddpm",
       "Denoising diffusion model: a net learns the noise in a row, and takes it away bit by bit",
       "Ho, Jain & Abbeel (2020), Denoising diffusion probabilistic models; Song, Meng & Ermon (2021), "
       "Denoising diffusion implicit models",
       {"denoiser"},
       ddpm_trial,
       training::factory<Ddpm>,
       {"ddpm.condition=class", "ddpm.predict=v"}},
      {"flow_matching",
       "Flow matching: a net learns the velocity that carries noise to data along straight lines",
       "Lipman et al. (2023), Flow matching for generative modeling",
       {"denoiser"},
       flow_matching_trial,
       training::factory<FlowMatching>,
       {"flow_matching.condition=class"}},
  };
}

}  // namespace generative
