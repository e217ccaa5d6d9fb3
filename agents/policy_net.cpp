#include "agents/policy_net.h"

#include <numeric>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/native_gru.h"
#include "training/nets/row_by_row.h"
#include "training/nets/tangent.h"
#include "training/profile.h"

namespace agents {

void PolicyNetOptions::fields(core::Fields& f) {
  mlp.fields(f);
  encoder.fields(f);
  f.choice("memory", memory, "Recurrent layer before the hidden ones, by which the past is remembered",
           {"none", "gru", "lstm"});
  f.add("size", size, "memory: numbers that it holds", {.min = 1, .max = 65536});
  f.add("shared", shared, "Policy and value are two outputs of one network, not two networks");
}

void check_plain(const std::string& agent, const PolicyNetOptions& options) {
  core::check(!options.remembers() && !options.shared,
              "net: {} has networks without memory, one for each purpose; found memory: {}, shared: {}",
              agent, options.memory, options.shared);
}

DeepNetImpl::DeepNetImpl(const std::string& name, const envs::Space& seen, int64_t outputs, int64_t A,
                         const PolicyNetOptions& options)
    : sde_(options.sde), A_(A), lstm_(options.memory == "lstm") {
  encoder_ = register_module("encoder", Encoder(seen, options.encoder));
  int64_t width = encoder_->features();
  if (options.remembers()) {
    recurrent_ = register_module(
        "memory",
        training::Recurrent(
            width, training::RecurrentOptions{.cell = options.memory, .layers = 1, .width = options.size}));
    if (options.mlp.init == "orthogonal")
      for (const auto& parameter : recurrent_->parameters())
        if (parameter.dim() == 2) training::initialise(parameter, {}, "orthogonal", 1);
    width = options.size;
    memory_size_ = options.size * (lstm_ ? 2 : 1);
  }
  mlp_ = register_module("mlp", training::Mlp(name, width, outputs, options.mlp));
  features_ = options.mlp.hidden.empty() ? width : options.mlp.hidden.back();
  if (sde_) deviation_ = register_module("deviation", StateDeviation(features_, A, sde_->log_sigma));
}

// features [B, F] -> [B, D], by the native kernels.
torch::Tensor DeepNetImpl::recall_natively(const torch::Tensor& features, const NetInput& input,
                                           torch::Tensor& memory) {
  const int64_t L = input.steps, S = features.size(0) / L;
  const auto weights = recurrent_->parameters();
  const torch::Tensor first = input.memory.defined() ? input.memory : features.new_zeros({S, memory_size_});
  const torch::Tensor y = training::gru(features.view({S, L, features.size(1)}),
                                        input.starts.defined() ? input.starts.view({S, L}) : torch::Tensor(),
                                        first, {weights[0], weights[1], weights[2]});
  memory = y.detach().select(1, L - 1).contiguous();
  return y.flatten(0, 1);
}

// features [B, F] -> [B, D]. Between two moments at which an episode begins somewhere, all sequences go
// through at once.
torch::Tensor DeepNetImpl::recall(const torch::Tensor& features, const NetInput& input,
                                  torch::Tensor& memory) {
  const int64_t L = input.steps, S = features.size(0) / L;
  const torch::Tensor x = features.view({S, L, features.size(1)});
  torch::Tensor now = input.memory.defined() ? input.memory.to(x.device()) : x.new_zeros({S, memory_size_});
  const torch::Tensor starts = input.starts.defined() ? input.starts.view({S, L}).cpu() : torch::Tensor();
  const torch::Tensor begins = starts.defined() ? starts.any(0) : torch::Tensor();  // [L]
  std::vector<torch::Tensor> parts;
  for (int64_t first = 0, last = 0; first < L; first = last) {
    if (starts.defined() && begins[first].item<bool>())
      now = now * (starts.select(1, first) == 0).to(now.options()).unsqueeze(1);
    for (last = first + 1; last < L && !(starts.defined() && begins[last].item<bool>());) ++last;
    training::RecurrentState state;
    for (const torch::Tensor& part : now.chunk(lstm_ ? 2 : 1, 1))
      state.push_back(part.contiguous().unsqueeze(0));
    parts.push_back(recurrent_->forward(x.narrow(1, first, last - first), state));
    now = lstm_ ? torch::cat({state[0][0], state[1][0]}, 1) : state[0][0];
  }
  memory = now.detach();
  return (parts.size() == 1 ? parts[0] : torch::cat(parts, 1)).flatten(0, 1);
}

torch::Tensor DeepNetImpl::forward(const NetInput& input, torch::Tensor& memory) {
  torch::Tensor h = encoder_->forward(input.observations.to(mlp_->parameters()[0].device()));
  if (recurrent_) h = !lstm_ && h.is_cpu() ? recall_natively(h, input, memory) : recall(h, input, memory);
  return sde_ ? with_deviations(h) : mlp_->forward(h);
}

torch::Tensor DeepNetImpl::with_deviations(const torch::Tensor& h) {
  const torch::Tensor phi = mlp_->features(h), outputs = mlp_->output(phi);
  phi_ = phi.detach();
  return torch::cat(
      {outputs.narrow(1, 0, A_).clamp(-sde_->mean_limit, sde_->mean_limit),
       deviation_->forward(sde_->moves_features ? phi : phi_), outputs.narrow(1, A_, outputs.size(1) - A_)},
      1);
}

// Rows of the last layer's weights, head by head.
static void scale_heads(const torch::Tensor& weight, const std::vector<Head>& heads) {
  const torch::NoGradGuard no_grad;
  int64_t first = 0;
  for (const Head& head : heads) {
    weight.narrow(0, first, head.width).mul_(head.gain);
    first += head.width;
  }
}

PolicyNet::PolicyNet(const std::string& name, const envs::Space& seen, const std::vector<Head>& heads,
                     const PolicyNetOptions& options)
    : inputs_(seen.net_width()) {
  for (const Head& head : heads) outputs_ += head.width;
  PolicyNetOptions own = options;
  own.mlp.out_gain = heads.size() == 1 ? heads[0].gain : 1;
  const bool is_flat = encoder_of(options.encoder.name, seen) == "flat";
  if (options.remembers() || !is_flat || options.sde)
    deep_ = DeepNet(name, seen, outputs_, heads[0].width, own);
  else if (options.renorm)
    normalized_ = training::NormalizedMlp(name, seen.net_width(), outputs_, own.mlp, *options.renorm);
  else if (options.noisy)
    noisy_ = NoisyMlp(name, seen.net_width(), outputs_, own.mlp);
  else
    native_ = training::NativeMlp(name, seen.net_width(), outputs_, own.mlp);
  if (noisy_) native_ = noisy_->drawn();
  if (heads.size() > 1)
    scale_heads(module()->named_parameters()[deep_ ? "mlp.output.weight" : "output.weight"], heads);
  if (options.sde) outputs_ += heads[0].width;
}

std::shared_ptr<torch::nn::Module> PolicyNet::module() const {
  if (noisy_) return noisy_.ptr();
  if (native_) return native_.ptr();
  if (normalized_) return normalized_.ptr();
  return deep_.ptr();
}

torch::Tensor PolicyNet::forward(const NetInput& input) {
  if (native_) return native_->forward(input.observations);
  output_ = normalized_ ? normalized_->forward(input.observations, training::Statistics::batch)
                        : deep_->forward(input, memory_);
  memory_ = memory_.defined() ? memory_.cpu() : memory_;
  return output_.detach().cpu();
}

torch::Tensor PolicyNet::answer(const NetInput& input) {
  if (noisy_) return noisy_->mean()->forward(input.observations);
  if (native_) return native_->forward(input.observations);
  if (normalized_) return normalized_->answer(input.observations);
  const torch::NoGradGuard no_grad;
  const torch::Tensor all =
      training::row_by_row(torch::arange(input.observations.size(0)), [&](const torch::Tensor& row) {
        const NetInput one{input.observations.index_select(0, row),
                           input.memory.defined() ? input.memory.index_select(0, row) : torch::Tensor()};
        torch::Tensor left;
        const torch::Tensor outputs = deep_->forward(one, left).cpu();
        return left.defined() ? torch::cat({outputs, left.cpu()}, 1) : outputs;
      });
  if (memory_size() > 0) memory_ = all.narrow(1, outputs_, memory_size()).contiguous();
  return all.narrow(1, 0, outputs_).contiguous();
}

const float* PolicyNet::forward(training::MlpInput x, int64_t B) {
  if (native_) return native_->forward(x, B);
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = x.rows ? torch::from_blob(const_cast<float*>(x.rows), {B, inputs_})
                                    : torch::from_blob(const_cast<int64_t*>(x.indices), {B}, torch::kInt64);
  const torch::Tensor outputs =
      normalized_ ? normalized_->forward(rows, training::Statistics::running) : deep_->forward(rows, memory_);
  output_ = outputs.cpu().contiguous();
  return output_.data_ptr<float>();
}

torch::Tensor PolicyNet::tangent(const NetInput& input, const std::vector<torch::Tensor>& direction) {
  if (native_) return native_->tangent(input.observations, direction);
  output_ = deep_->forward(input, memory_);
  return training::tangent(output_, deep_->parameters(), direction).cpu();
}

torch::Tensor PolicyNet::hidden() const {
  if (noisy_) return noisy_->mean()->hidden();
  return native_ ? native_->hidden() : torch::Tensor();
}

void PolicyNet::draw_noise(torch::Generator generator) {
  if (noisy_) noisy_->draw(generator);
}

void PolicyNet::soft_update(const PolicyNet& other, double tau) {
  if (noisy_) return noisy_->soft_update(*other.noisy_, tau);
  if (native_) return native_->soft_update(*other.native_, tau);
  const torch::NoGradGuard no_grad;
  const auto own = module()->parameters(), theirs = other.module()->parameters();
  for (size_t i = 0; i < own.size(); ++i) own[i].lerp_(theirs[i], tau);
}

void PolicyNet::backward(const torch::Tensor& d_outputs) {
  if (noisy_) return noisy_->backward(d_outputs);
  if (native_) return native_->backward(d_outputs);
  const training::Timed timed(training::Part::backward);
  if (output_.requires_grad()) output_.backward(d_outputs.to(output_.device()));  // else it is frozen
  output_ = torch::Tensor();
}

}  // namespace agents
