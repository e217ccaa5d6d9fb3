// One member, one environment, one workspace: nothing is shared but the network's shape.
#include "agents/population.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/tensors.h"
#include "core/error.h"

namespace agents {

using training::FlatMlp;
using training::MlpInput;

struct Population::Player {
  std::unique_ptr<envs::Envs> env;  // one
  FlatMlp::Workspace work;
  std::vector<std::byte> observation;
  std::vector<float> row;     // the observation as the net reads it
  int64_t index = 0;          // the same when it is Discrete
  int64_t choice = 0;         // a Discrete action
  std::vector<float> action;  // a Box action
};

int64_t action_outputs(const envs::Spec& spec) {
  const envs::Space& space = spec.action;
  if (space.is_discrete()) return space.n[0];
  const bool box = space.kind == envs::Space::Kind::box && space.dtype == envs::Dtype::float32;
  core::check(box, "env: evolution strategies need a Discrete or Box(float32) action space; {} has {}",
              spec.id, space.str());
  return space.size();
}

Population::Population(const envs::Options& env, const training::MlpOptions& net, int64_t members) {
  for (int64_t m = 0; m < members; ++m) players_.push_back({.env = env.make(1)});
  core::check(spec().max_episode_steps > 0,
              "env: {} has no time limit, which whole episodes need: set env.max_episode_steps", spec().id);
  for (Player& player : players_) {
    player.observation.resize(spec().observation.bytes());
    player.row.resize(static_cast<size_t>(spec().observation.size()));
    player.action.resize(static_cast<size_t>(spec().action.size()));
  }
  const auto activation = training::kernels::activation(net.activation);
  core::check(activation.has_value(),
              "net.activation: populations play with identity, leaky_relu, relu, sigmoid or tanh, found {}",
              net.activation);
  net_ = std::make_unique<FlatMlp>(spec().observation.net_width(), net.hidden, action_outputs(spec()),
                                   *activation);
}

Population::~Population() = default;

const envs::Spec& Population::spec() const { return players_[0].env->spec(); }

template <class Item>
static void widen(const std::vector<std::byte>& from, std::vector<float>& to) {
  const auto* items = reinterpret_cast<const Item*>(from.data());
  std::transform(items, items + to.size(), to.begin(), [](Item item) { return static_cast<float>(item); });
}

static const float* row_of(const envs::Space& space, const std::vector<std::byte>& observation,
                           std::vector<float>& row) {
  if (space.dtype == envs::Dtype::float32) return reinterpret_cast<const float*>(observation.data());
  if (space.dtype == envs::Dtype::uint8) widen<uint8_t>(observation, row);
  if (space.dtype == envs::Dtype::int32) widen<int32_t>(observation, row);
  return row.data();
}

// The action for the observation that the player sees; false when an output is not finite.
bool Population::decide(Player& player, const float* parameters) const {
  const envs::Space &seen = spec().observation, &actions = spec().action;
  MlpInput x;
  if (seen.is_discrete())
    player.index = index_at(seen, player.observation.data()), x.indices = &player.index;
  else
    x.rows = row_of(seen, player.observation, player.row);
  const float* y = net_->forward(parameters, x, 1, player.work);
  if (!std::all_of(y, y + net_->outputs(), [](float v) { return std::isfinite(v); })) return false;
  player.choice = std::max_element(y, y + net_->outputs()) - y;
  if (!actions.is_discrete())
    for (size_t i = 0; i < player.action.size(); ++i)
      player.action[i] = std::clamp(y[i], actions.low[i], actions.high[i]);
  return true;
}

double Population::play_episode(Player& player, const float* parameters, uint64_t seed,
                                int64_t& steps) const {
  double sum = 0;
  uint8_t terminated = 0, truncated = 0;
  player.env->reset(seed, player.observation.data());
  for (; !terminated && !truncated; ++steps) {
    if (!decide(player, parameters)) return std::numeric_limits<double>::quiet_NaN();
    float reward = 0;
    player.env->step({&player.choice, player.action.data()}, {.obs = player.observation.data(),
                                                              .reward = &reward,
                                                              .terminated = &terminated,
                                                              .truncated = &truncated});
    sum += static_cast<double>(reward);
  }
  return sum;
}

Population::Played Population::play(const torch::Tensor& candidates, int64_t episodes, uint64_t seed) {
  const auto M = static_cast<int64_t>(players_.size()), P = net_->size();
  core::check(candidates.is_contiguous() && candidates.size(0) == M && candidates.size(1) == P,
              "a population of {} with {} parameters each was given [{}]", M, P,
              fmt::join(candidates.sizes(), ", "));
  const float* parameters = candidates.data_ptr<float>();
  Played played{std::vector<double>(players_.size()), 0};
  int64_t steps = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : steps)
  for (int64_t m = 0; m < M; ++m) {
    double sum = 0;
    for (int64_t e = 0; e < episodes; ++e)
      sum += play_episode(players_[static_cast<size_t>(m)], parameters + m * P,
                          seed + static_cast<uint64_t>(e), steps);
    played.returns[static_cast<size_t>(m)] = sum / static_cast<double>(episodes);
  }
  played.steps = steps;
  for (const double value : played.returns)
    if (!std::isfinite(value))
      throw core::Error("a member's network gives an output that is not finite", core::Exit::failed);
  return played;
}

training::Acted act(training::NativeMlp& policy, const envs::Spec& spec, const torch::Tensor& observations) {
  const torch::Tensor x = observations.dim() > 2 ? observations.flatten(1) : observations;
  const torch::Tensor outputs = policy->forward(x);  // [N, A]
  const envs::Space& space = spec.action;
  if (space.is_discrete()) return {.actions = outputs.argmax(1)};
  const torch::Tensor low = torch::tensor(space.low), high = torch::tensor(space.high);
  return {.actions = torch::max(torch::min(outputs, high), low)};
}

// A weight [out, in] as FlatMlp lays it out, [in, out].
static torch::Tensor laid_out(const torch::Tensor& parameter) {
  return parameter.dim() == 2 ? parameter.t() : parameter;
}

torch::Tensor flatten(const training::NativeMlp& net) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& p : net->parameters()) parts.push_back(laid_out(p.detach()).flatten());
  return torch::cat(parts).cpu();  // [P]
}

// Calls visit(parameter, its part of `flat` in the parameter's shape).
template <class F>
static void each(const training::NativeMlp& net, const torch::Tensor& flat, F&& visit) {
  int64_t offset = 0;
  for (torch::Tensor& p : net->parameters()) {
    const torch::Tensor part = flat.narrow(0, offset, p.numel()).view(laid_out(p).sizes());
    visit(p, laid_out(part).to(p.device()));
    offset += p.numel();
  }
}

void assign(training::NativeMlp& net, const torch::Tensor& flat) {
  const torch::NoGradGuard no_grad;
  each(net, flat, [](torch::Tensor& p, const torch::Tensor& part) { p.copy_(part); });
}

void add_gradient(training::NativeMlp& net, const torch::Tensor& flat) {
  const torch::NoGradGuard no_grad;
  each(net, flat, [](torch::Tensor& p, const torch::Tensor& part) {
    if (p.grad().defined())
      p.mutable_grad().add_(part);
    else
      p.mutable_grad() = part.clone();
  });
}

}  // namespace agents
