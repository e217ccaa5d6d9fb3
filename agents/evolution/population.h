// A population of deterministic policies, played side by side over the cores on plain arrays: what evolution
// strategies share.
#pragma once

#include <memory>
#include <vector>

#include "agents/evolution/observation_moments.h"
#include "envs/all.h"
#include "training/loop/learner.h"
#include "training/nets/flat_mlp.h"
#include "training/nets/native_mlp.h"

namespace agents {

// Each member is a multi-layer perceptron from observation to action, with one environment of its own.
// Discrete actions are the argmax of its outputs, of those that are possible; Box actions the outputs clipped
// to the bounds; Discrete observations enter one-hot.
class Population {
 public:
  struct Fitness {
    std::vector<double> returns;  // [n], mean over the candidate's episodes
    int64_t steps = 0;            // transitions of all candidates
  };

  // M members. Error when the environment has no time limit or other actions, or when the kernels lack the
  // activation. Where `moments` are given, members see observations normalised by them, and what they meet
  // goes into them when all have played.
  Population(const envs::Options& env, const training::MlpOptions& net, int64_t members,
             ObservationMoments* moments = nullptr);
  ~Population();

  const envs::Spec& spec() const;
  // candidates: [n, P], rows in FlatMlp's order, in turn for each member. Every candidate plays `episodes`
  // whole episodes, episode e from reset(seed + e): all meet the same starts, so that returns compare
  // policies and not luck. The same bits at any number of threads. Error(failed) when a network's output is
  // not finite.
  Fitness play(const std::vector<double>& candidates, int64_t episodes, uint64_t seed);

 private:
  struct Player;
  double play_episodes(Player& player, int64_t episodes, uint64_t seed, int64_t& steps) const;
  double play_episode(Player& player, uint64_t seed, int64_t& steps) const;
  bool decide(Player& player) const;

  std::vector<Player> players_;
  ObservationMoments* moments_;
  std::unique_ptr<training::FlatMlp> net_;
};

// Outputs that a policy for this environment has; Error for actions other than Discrete and Box of float32.
int64_t action_outputs(const envs::Spec& spec);
// What the policy does in each of N observations.
training::PolicyOutput act(training::NativeMlp& policy, const envs::Spec& spec,
                           const training::PolicyInput& input);

// A network's parameters in FlatMlp's order, [P], and back.
std::vector<double> flatten(const training::NativeMlp& net);
void assign(const training::NativeMlp& net, const std::vector<double>& flat);
// Adds factor * gradient, [P] in the same order, to the parameters' grad.
void add_gradient(const training::NativeMlp& net, const std::vector<double>& gradient, double factor = 1);

}  // namespace agents
