// Normalising flow (Dinh, Sohl-Dickstein & Bengio 2017; splines: Durkan et al. 2019): an invertible map onto
// N(0, I), ln p(x) = ln N(z) + ln |det dz/dx|; exact densities in nats.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "generative/flow/affine_coupling.h"
#include "generative/flow/spline_coupling.h"
#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/native_mlp.h"

namespace generative {

class Flow : public training::Learner {
 public:
  struct ModelOptions {
    std::string coupling = "affine";
    int64_t couplings = 6;
    AffineCoupling affine;
    SplineCoupling spline;
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

  FlowOutput to_latent(const torch::Tensor& x);       // [B, D], differentiable
  FlowOutput from_latent(const torch::Tensor& z);     // [B, D], its inverse
  torch::Tensor log_density(const torch::Tensor& x);  // [B, D] -> [B], nats

 private:
  bool spline() const { return options_.flow.coupling == "spline"; }
  torch::Tensor log_density_of_all(const torch::Tensor& rows);  // [M, D] -> [M] float64, a slice at a time
  void show_plane(core::Gallery& gallery);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  std::vector<training::NativeMlp> nets_;  // of each coupling: what passes -> how the rest is mapped
};

}  // namespace generative
