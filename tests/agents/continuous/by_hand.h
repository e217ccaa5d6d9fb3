// What the tests of this family compute by hand: nets from their registered weights, in double, and one
// transition that fills every batch.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "agents/all.h"
#include "tests/trial.h"

namespace by_hand {

// A weak pull, against which a rod is held upright: who lets it fall pays hundreds.
inline const std::string rod =
    "env: {id: Pendulum-v1, max_episode_steps: 50, start_angle: 1, start_speed: 0.5, gravity: 3}, optim: "
    "{lr: 3e-3}, eval: {episodes: 10}, ";
inline const std::string upright = rod + "net: {hidden: [32, 32]}, train: {env_steps: 1500}, ";
inline const std::string replayed =
    "gamma: 0.95, batch_size: 32, buffer_size: 2000, learning_starts: 300, tau: 0.02";

inline envs::Spec two_by_two() {
  return {.id = "Test",
          .observation = envs::Space::box({-1, -1}, {1, 1}),
          .action = envs::Space::box({-1, -1}, {1, 1})};
}

// What a part of an agent registers by itself.
struct Registered {
  training::Registry registry;
  training::Build build{registry, 1, torch::kCPU};
};

using Weights = std::map<std::string, torch::Tensor>;  // float64, by registered name

inline Weights weights(const training::Registry& registry) {
  Weights all;
  for (const auto& [name, tensor] : registry.tensors())
    all[name] = tensor.detach().to(torch::kFloat64).clone();
  return all;
}

// One hidden layer of units that `activation` bends: x [B, I] -> [B, O].
inline torch::Tensor net(const Weights& w, const std::string& name, const torch::Tensor& x,
                         torch::Tensor (*activation)(const torch::Tensor&) = torch::relu) {
  const torch::Tensor h = torch::linear(x, w.at(name + "/hidden_1.weight"), w.at(name + "/hidden_1.bias"));
  return torch::linear(activation(h), w.at(name + "/output.weight"), w.at(name + "/output.bias"));
}

inline torch::Tensor critic(const Weights& w, const std::string& name, const torch::Tensor& seen,
                            const torch::Tensor& action) {
  return net(w, name, torch::cat({seen, action}, 1));
}

// What a squashed policy of one number does at `outputs` [B, 2], given standard normal z [B, 1].
struct Squashed {
  torch::Tensor action, log_prob;  // [B, 1]
};

inline Squashed squashed(const torch::Tensor& outputs, const torch::Tensor& z) {
  const torch::Tensor log_std = outputs.narrow(1, 1, 1).clamp(-20, 2),
                      action = (outputs.narrow(1, 0, 1) + log_std.exp() * z).tanh();
  return {action, -0.5 * z * z - log_std - 0.5 * std::log(2 * M_PI) - torch::log1p(-action.square())};
}

// A batch of which every row is the only transition of a pendulum's replay.
struct Transition {
  torch::Tensor seen, action, next;  // [B, 3], [B, 1] in units of half its range, [B, 3]
  double reward;
};

inline Transition only_transition(const training::Session& run, int64_t B, bool cut) {
  core::Archive archive;
  for (const auto& state : run.registry.states)
    if (state.path == "/buffers/replay") state.archive(archive);
  const auto row = [&](const std::string& blob, int64_t first, int64_t n) {
    const torch::Tensor values = torch::zeros({n});
    std::memcpy(values.data_ptr(), archive.blobs().at(blob).data() + first * 4, static_cast<size_t>(n) * 4);
    return values.to(torch::kFloat64).expand({B, n});
  };
  return {row("observations", 0, 3), row("actions", 0, 1) / 2,
          cut ? row("cut", 0, 3) : row("observations", 3, 3), row("rewards", 0, 1)[0][0].item<double>()};
}

// The standard normal numbers that a stream of the run will give next, [B, A]; it still does.
inline torch::Tensor next_normal(const training::Session& run, const std::string& stream, int64_t B,
                                 int64_t A) {
  for (const auto& known : run.registry.streams)
    if (known.name == stream) {
      torch::Generator twin = known.generator.clone();
      return torch::zeros({B, A}).normal_(0, 1, twin).to(torch::kFloat64);
    }
  return {};
}

// Whether a fresh policy lets the rod fall, and what `run` ends with holds it, at a return above `least`.
inline void check_holds(training::Session run, const std::string& named, double least = -20) {
  const double before = trial::grades(run).at("eval/return_greedy");
  trial::learn(run);
  const double after = trial::grades(run).at("eval/return_greedy");
  INFO(named << ": " << before << " -> " << after);
  CHECK(before < -100);
  CHECK(after > least);
}

// What the next step logs of `metric`.
inline double logged_by_step(training::Session& run, const std::string& metric) {
  double logged = std::nan("");
  run.step({[&](const std::string& name, double value) {
              if (name == metric) logged = value;
            },
            {}});
  return logged;
}

}  // namespace by_hand
