#include "generative/autoencoders/flow_prior.h"

#include "core/error.h"
#include "generative/flow/couplings.h"
#include "training/distributions.h"

namespace generative {

using torch::Tensor;

void FlowPriorOptions::fields(core::Fields& f) {
  f.add("couplings", couplings, "Layers; each maps one half of the code's numbers, given the other, in turn",
        {.min = 2, .max = 100});
  f.add("hidden", hidden, "Widths of the hidden layers of each coupling's network", {.min = 1});
}

FlowPriorImpl::FlowPriorImpl(int64_t dimensions, const FlowPriorOptions& options) {
  core::check(dimensions % 2 == 0,
              "vae.latent: a flow prior needs an even number, one half maps the other; found {}", dimensions);
  const training::MlpOptions net{.hidden = options.hidden, .activation = "tanh", .out_gain = 0.1};
  for (int64_t i = 0; i < options.couplings; ++i) {
    const std::string name = "coupling_" + std::to_string(i + 1);
    nets_.push_back(register_module(name, training::Mlp("prior." + name, dimensions / 2, dimensions, net)));
  }
}

Tensor FlowPriorImpl::log_prob(const Tensor& z) {
  const auto [noise, log_det] = through_couplings(nets_.size(), z.flatten(0, -2),
                                                  [&](size_t i, const Tensor& pass, const Tensor& bend) {
                                                    return coupling_.forward(bend, nets_[i]->forward(pass));
                                                  });
  const Tensor density = training::Normal::standard(noise).log_prob(noise).sum(1) + log_det;
  return density.view(z.sizes().slice(0, size_t(z.dim() - 1)));
}

Tensor FlowPriorImpl::from_noise(const Tensor& noise) {
  return back_through_couplings(nets_.size(), noise,
                                [&](size_t i, const Tensor& pass, const Tensor& bend) {
                                  return coupling_.inverse(bend, nets_[i]->forward(pass));
                                })
      .y;
}

}  // namespace generative
