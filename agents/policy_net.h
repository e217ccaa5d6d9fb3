// The net behind a policy, its values or both, chosen by what is observed and by `net:`. Vectors and choices
// without memory go through the native kernels; pictures, grids, parts, memory and what algorithms switch on
// through LibTorch.
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>
#include <vector>

#include "agents/encoder.h"
#include "agents/noisy_mlp.h"
#include "agents/state_noise.h"
#include "training/nets/native_mlp.h"
#include "training/nets/normalized_mlp.h"
#include "training/nets/recurrent.h"

namespace agents {

struct PolicyNetOptions {
  training::MlpOptions mlp;
  EncoderOptions encoder;
  std::string memory = "none";
  int64_t size = 64;
  bool shared = false;
  // Algorithms' own switches, no options of `net`. The first two: for vectors and choices without memory.
  bool noisy = false;
  std::optional<training::BatchRenormOptions> renorm;  // before each layer
  std::optional<StateDependence> sde;                  // deviations of the first head's numbers, by the state

  void fields(core::Fields& f);
  bool remembers() const { return memory != "none"; }
};
// Error where `agent`, whose nets have neither memory nor two heads, is asked for one.
void check_plain(const std::string& agent, const PolicyNetOptions& options);

// B rows: S sequences of `steps` rows each, one after the other.
struct NetInput {
  NetInput(torch::Tensor seen, torch::Tensor remembered = {})
      : observations(std::move(seen)), memory(std::move(remembered)) {}

  torch::Tensor observations;  // [B, O] float32 or [B] int64
  torch::Tensor memory;        // [S, M] before the first row of each; undefined: zeros
  torch::Tensor starts;        // [B] uint8, 1 where an episode begins, and memory with it; undefined: nowhere
  int64_t steps = 1;
};

// Some of the outputs, whose first weights are scaled by `gain`.
struct Head {
  int64_t width;
  double gain;
};

// Encoder, memory, hidden layers, outputs, in LibTorch's operations. Parameters encoder.*, memory.*,
// mlp.hidden_1.weight, ..., and deviation.log_sigma where deviations follow from the state: those of the
// first head's A numbers stand behind it.
class DeepNetImpl : public torch::nn::Module {
 public:
  // `outputs` of the last layer, the first A of them of the first head.
  DeepNetImpl(const std::string& name, const envs::Space& seen, int64_t outputs, int64_t A,
              const PolicyNetOptions& options);

  // [B, outputs]; `memory` [S, M] becomes what the end of each sequence leaves.
  torch::Tensor forward(const NetInput& input, torch::Tensor& memory);
  int64_t memory_size() const { return memory_size_; }
  // As PolicyNet's.
  int64_t features() const { return features_; }
  torch::Tensor state_noise(const torch::Tensor& eps) const { return deviation_->noise(phi_, eps).cpu(); }

 private:
  torch::Tensor with_deviations(const torch::Tensor& h);
  torch::Tensor recall_natively(const torch::Tensor& features, const NetInput& input, torch::Tensor& memory);
  torch::Tensor recall(const torch::Tensor& features, const NetInput& input, torch::Tensor& memory);

  Encoder encoder_{nullptr};
  training::Recurrent recurrent_{nullptr};
  training::Mlp mlp_{nullptr};
  StateDeviation deviation_{nullptr};
  std::optional<StateDependence> sde_;
  torch::Tensor phi_;  // [B, F] at the latest forward, where there are deviations
  int64_t memory_size_ = 0, features_ = 0, A_;
  bool lstm_ = false;
};
TORCH_MODULE(DeepNet);

class PolicyNet {
 public:
  // `name` is what this net is called in messages ("policy"); the heads' outputs stand side by side.
  PolicyNet(const std::string& name, const envs::Space& seen, const std::vector<Head>& heads,
            const PolicyNetOptions& options);

  // -> [B, outputs()] on the CPU, without autograd. The native net's memory is overwritten by the next call.
  // Renormalised nets: by the statistics of these rows, which the running ones follow; all others have the
  // latter.
  torch::Tensor forward(const NetInput& input);
  // The same for acting alone: rows have the same bits in any batch, and backward does not go with it.
  torch::Tensor answer(const NetInput& input);
  // The same from plain memory to plain memory, for targets: nothing is allocated by native nets.
  const float* forward(training::MlpInput x, int64_t B);
  // What the latest of both left remembered, [S, M]; undefined without memory.
  const torch::Tensor& memory() const { return memory_; }
  // Noisy nets: other noise for all forwards to come. answer() is without any.
  void draw_noise(torch::Generator generator);
  // Where deviations follow from the state: what its features at the latest forward of N rows make of eps [N,
  // F, A], in units of the deviation, [N, A]; and F.
  torch::Tensor state_noise(const torch::Tensor& eps) const { return deep_->state_noise(eps); }
  int64_t features() const { return deep_->features(); }
  // Adds d loss / d parameters to the parameters' grad, given d loss / d outputs of the latest forward.
  void backward(const torch::Tensor& d_outputs);
  // forward, and how fast the outputs move where the parameters move by `direction`, a tensor for each of
  // module()->parameters(): d outputs [B, outputs()]. backward may follow as after forward. For networks
  // without memory and noise.
  torch::Tensor tangent(const NetInput& input, const std::vector<torch::Tensor>& direction);
  // As NativeMlp's.
  torch::Tensor hidden() const;

  // As NativeMlp's.
  void soft_update(const PolicyNet& other, double tau);

  int64_t outputs() const { return outputs_; }
  int64_t memory_size() const { return deep_ ? deep_->memory_size() : 0; }  // M
  bool is_native() const { return bool(native_); }
  training::NativeMlp native() const { return native_; }
  // What a checkpoint holds.
  std::shared_ptr<torch::nn::Module> module() const;

 private:
  int64_t inputs_, outputs_ = 0;
  training::NativeMlp native_{nullptr};  // of a noisy net, the one that its noise has moved
  NoisyMlp noisy_{nullptr};
  training::NormalizedMlp normalized_{nullptr};
  DeepNet deep_{nullptr};
  torch::Tensor memory_, output_;  // output_: with its graph
};

}  // namespace agents
