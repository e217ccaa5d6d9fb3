// Nets whose outputs and gradients come from our own autograd (supervised/scratch), on the memory of LibTorch
// modules' parameters: initialisers, optimisers, averages and checkpoints know no difference.
#pragma once

#include "training/torch.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/options.h"
#include "supervised/scratch/nets.h"
#include "training/loop/learner.h"

namespace supervised {

// By whose autograd a learner computes, and in which precision.
struct BackendOptions {
  std::string backend = "libtorch", precision = "float32";
  std::vector<std::string> known{"libtorch", "scratch"};

  void fields(core::Fields& f);
  torch::Dtype dtype() const { return precision == "float64" ? torch::kFloat64 : torch::kFloat32; }
  bool own() const { return backend != "libtorch"; }
};

class OwnNet {
 public:
  struct Learned {
    double loss = 0;
    torch::Tensor outputs;
  };

  virtual ~OwnNet() = default;
  // Rows [B, ...] or symbols [B, T] -> outputs [B, K] or [B, T, V]; no gradient goes with them.
  virtual training::ClassifierOutput answer(const torch::Tensor& inputs) = 0;
  // Adds the loss's gradient to that of the parameters. Of classes (int64, negative ones do not count) it is
  // the mean cross entropy in nats, of numbers [B, K] the mean squared error.
  virtual Learned learn(const torch::Tensor& inputs, const torch::Tensor& targets, double smoothing) = 0;
};

// The modules whose parameters the net reads, each with what stands before their names: {"", net},
// {"output.", output}. They must outlive it.
using Modules = std::vector<std::pair<std::string, torch::nn::Module*>>;

// Null where LibTorch shall compute. Error where there is no such net, as on CUDA.
std::shared_ptr<OwnNet> own_mlp(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Mlp& net);
std::shared_ptr<OwnNet> own_cnn(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Cnn& net);
std::shared_ptr<OwnNet> own_rnn(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Rnn& net);

// Parameters and real-valued buffers in the precision that is asked for.
void take_precision(torch::nn::Module& module, const BackendOptions& options);

}  // namespace supervised
