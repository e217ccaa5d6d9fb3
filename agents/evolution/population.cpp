// One member, one environment, one workspace: nothing is shared but the network's shape.
#include "agents/evolution/population.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/action_mask.h"
#include "agents/observation_batch.h"
#include "core/error.h"
#include "core/memory.h"

namespace agents {

using training::FlatMlp;
using training::MlpInput;

struct Population::Player {
  std::unique_ptr<envs::Envs> env;  // one
  ObservationBatch row;             // the observation as the net reads it
  FlatMlp::Workspace work = {};
  std::vector<float> parameters = {};
  std::vector<std::byte> observation = {};
  int64_t choice = 0;                                 // a Discrete action
  std::vector<uint8_t> mask = {};                     // [A] what is possible; empty: all
  std::vector<float> action = {};                     // a Box action
  std::unique_ptr<ObservationMoments> met = nullptr;  // of this play, where they count
};

int64_t action_outputs(const envs::Spec& spec) {
  const envs::Space& space = spec.action;
  if (space.is_discrete()) return space.n[0];
  const bool box = space.kind == envs::Space::Kind::box && space.dtype == envs::Dtype::float32;
  core::check(box, "env: evolution strategies need a Discrete or Box(float32) action space; {} has {}",
              spec.id, space.str());
  return space.size();
}

// What a player sees of an observation; `met` takes note of it as it came.
static ObservationBatch::Transform seen(ObservationMoments* met, const ObservationMoments* moments) {
  if (!met) return {};
  return [met, moments](float* observation) {
    met->add(observation);
    moments->normalize(observation);
  };
}

Population::Population(const envs::Options& env, const training::MlpOptions& net, int64_t members,
                       ObservationMoments* moments)
    : moments_(moments) {
  core::check(!envs::has_statistics(env.wrappers),
              "env.wrappers: running statistics need one batch of environments; a population plays in many");
  for (int64_t m = 0; m < members; ++m) {
    auto one = env.make(1);
    auto met = moments ? std::make_unique<ObservationMoments>(moments->size()) : nullptr;
    ObservationBatch row(one->spec().observation, 1, seen(met.get(), moments));
    players_.push_back({.env = std::move(one), .row = std::move(row), .met = std::move(met)});
  }
  core::check(spec().max_episode_steps > 0,
              "env: {} has no time limit, which whole episodes need: set env.max_episode_steps", spec().id);
  for (Player& player : players_) {
    player.observation.resize(spec().observation.bytes());
    player.action.resize(static_cast<size_t>(spec().action.size()));
    if (spec().action_mask) player.mask.resize(static_cast<size_t>(spec().action.n[0]));
  }
  const auto activation = training::kernels::activation(net.activation);
  core::check(activation.has_value(),
              "net.activation: populations play with identity, leaky_relu, relu, sigmoid or tanh, found {}",
              net.activation);
  net_ = std::make_unique<FlatMlp>(spec().observation.net_width(), net.hidden, action_outputs(spec()),
                                   *activation);
  constexpr double bytes =
      2 * sizeof(double) + sizeof(float);  // a candidate, its noise, what its player plays with
  core::require_memory(bytes * static_cast<double>(members) * static_cast<double>(net_->size()),
                       fmt::format("population: {} candidates of {} parameters", members, net_->size()));
}

Population::~Population() = default;

const envs::Spec& Population::spec() const { return players_[0].env->spec(); }

// The action for the observation that the player sees; false when an output is not finite.
bool Population::decide(Player& player) const {
  const envs::Space& actions = spec().action;
  const MlpInput x = player.row.of(player.observation.data());
  const float* y = net_->forward(player.parameters.data(), x, 1, player.work);
  if (!std::all_of(y, y + net_->outputs(), [](float v) { return std::isfinite(v); })) return false;
  if (!player.mask.empty()) player.env->action_mask(player.mask.data());
  player.choice = best_possible(y, net_->outputs(), player.mask.empty() ? nullptr : player.mask.data());
  if (!actions.is_discrete())
    for (size_t i = 0; i < player.action.size(); ++i)
      player.action[i] = std::clamp(y[i], actions.low[i], actions.high[i]);
  return true;
}

double Population::play_episode(Player& player, uint64_t seed, int64_t& steps) const {
  double sum = 0;
  uint8_t terminated = 0, truncated = 0;
  player.env->reset(seed, player.observation.data());
  for (; !terminated && !truncated; ++steps) {
    if (!decide(player)) return std::numeric_limits<double>::quiet_NaN();
    float reward = 0;
    player.env->step({&player.choice, player.action.data()}, {.obs = player.observation.data(),
                                                              .reward = &reward,
                                                              .terminated = &terminated,
                                                              .truncated = &truncated});
    sum += static_cast<double>(reward);
  }
  return sum;
}

// Their mean return.
double Population::play_episodes(Player& player, int64_t episodes, uint64_t seed, int64_t& steps) const {
  double sum = 0;
  for (int64_t e = 0; e < episodes; ++e) sum += play_episode(player, seed + static_cast<uint64_t>(e), steps);
  return sum / static_cast<double>(episodes);
}

Population::Fitness Population::play(const std::vector<double>& candidates, int64_t episodes, uint64_t seed) {
  const size_t M = players_.size(), P = static_cast<size_t>(net_->size()), n = candidates.size() / P;
  core::check(n > 0 && candidates.size() == n * P,
              "a population whose networks have {} parameters was given {}", P, candidates.size());
  Fitness played{std::vector<double>(n), 0};
  int64_t steps = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : steps)
  for (size_t m = 0; m < M; ++m)
    for (size_t k = m; k < n; k += M) {
      players_[m].parameters.assign(candidates.data() + k * P, candidates.data() + (k + 1) * P);
      played.returns[k] = play_episodes(players_[m], episodes, seed, steps);
    }
  played.steps = steps;
  for (const double value : played.returns)
    if (!std::isfinite(value))
      throw core::Error("a member's network gives an output that is not finite", core::Exit::failed);
  if (moments_)
    for (const Player& player : players_) moments_->take(*player.met);
  return played;
}

training::PolicyOutput act(training::NativeMlp& policy, const envs::Spec& spec,
                           const training::PolicyInput& input) {
  const torch::Tensor x = input.observations.dim() > 2 ? input.observations.flatten(1) : input.observations;
  const torch::Tensor outputs = policy->forward(x);  // [N, A]
  apply_mask(input.mask, outputs);
  const torch::Tensor hidden = input.thoughts ? policy->hidden() : torch::Tensor();
  const envs::Space& space = spec.action;
  if (space.is_discrete()) return {.actions = outputs.argmax(1), .hidden = hidden};
  const torch::Tensor low = torch::tensor(space.low), high = torch::tensor(space.high);
  return {.actions = torch::max(torch::min(outputs, high), low), .hidden = hidden};
}

// A weight [out, in] as FlatMlp lays it out, [in, out].
static torch::Tensor laid_out(const torch::Tensor& parameter) {
  return parameter.dim() == 2 ? parameter.t() : parameter;
}

std::vector<double> flatten(const training::NativeMlp& net) {
  std::vector<double> flat;
  for (const torch::Tensor& p : net->parameters()) {
    const torch::Tensor part = laid_out(p.detach()).to(torch::kCPU, torch::kFloat64).contiguous();
    flat.insert(flat.end(), part.data_ptr<double>(), part.data_ptr<double>() + part.numel());
  }
  return flat;
}

// Calls visit(parameter, its part of `flat` in the parameter's shape).
template <class F>
static void each(const training::NativeMlp& net, const std::vector<double>& flat, F&& visit) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor whole = torch::tensor(flat, torch::kFloat64).to(torch::kFloat32);
  int64_t offset = 0;
  for (torch::Tensor& p : net->parameters()) {
    const torch::Tensor part = whole.narrow(0, offset, p.numel()).view(laid_out(p).sizes());
    visit(p, laid_out(part).to(p.device()));
    offset += p.numel();
  }
}

void assign(const training::NativeMlp& net, const std::vector<double>& flat) {
  each(net, flat, [](torch::Tensor& p, const torch::Tensor& part) { p.copy_(part); });
}

void add_gradient(const training::NativeMlp& net, const std::vector<double>& gradient, double factor) {
  each(net, gradient, [factor](torch::Tensor& p, const torch::Tensor& part) {
    if (!p.requires_grad()) return;  // it is frozen
    if (!p.grad().defined()) p.mutable_grad() = torch::zeros_like(part);
    p.mutable_grad().add_(part, factor);
  });
}

}  // namespace agents
