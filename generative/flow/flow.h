// Normalising flow (Rezende & Mohamed 2015; Dinh, Sohl-Dickstein & Bengio 2017): an invertible map onto N(0,
// I), ln p(x) = ln N(z) + ln |det dz/dx|; exact densities in nats. Each family of maps has its own file.
#pragma once

#include "training/torch.h"

#include <string>

#include "generative/flow/continuous_flow.h"
#include "generative/flow/flow_map.h"
#include "generative/flow/number_map.h"
#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/mlp.h"

namespace generative {

class Flow : public training::Learner {
 public:
  struct ModelOptions {
    std::string family = "coupling";
    int64_t layers = 6;
    NumberMap map;
    ContinuousOptions continuous;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions flow;
    training::MlpOptions net{.activation = "tanh", .out_gain = 0.1};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Flow(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  FlowOutput to_latent(const torch::Tensor& x) { return map_.to_latent(x); }      // [B, D], differentiable
  FlowOutput from_latent(const torch::Tensor& z) { return map_.from_latent(z); }  // [B, D], its inverse
  torch::Tensor log_density(const torch::Tensor& x);                              // [B, D] -> [B], nats

 private:
  torch::Tensor log_density_of_all(const torch::Tensor& rows);  // [M, D] -> [M] float64, a slice at a time
  void show_plane(core::Gallery& gallery);
  void show_latents(core::Gallery& gallery);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  FlowMap map_;
};

}  // namespace generative
