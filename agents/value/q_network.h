// A Q-network that learns on-policy, from each transition as it is played (Rummery & Niranjan 1994): descend
// (Q(s, a) - r - gamma Q(s', a'))^2 / 2 with a' the best action (Q-learning) or the one that is taken
// (SARSA); Q(s', a') has no slope.
#pragma once

#include <optional>
#include <string>

#include "agents/epsilon_schedule.h"
#include "agents/observation_batch.h"
#include "agents/policy_net.h"
#include "agents/single_env.h"
#include "core/random.h"
#include "training/loop/table.h"

namespace agents {

class QNetwork : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {}, .out_gain = 0.01}};
    std::string target = "q_learning";
    double gamma = 0.99;
    int64_t num_steps = 1000;
    EpsilonSchedule exploration;
    std::string epsilon_decay = "linear";

    void fields(core::Fields& f);
  };

  explicit QNetwork(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void build_net(training::Build& build);
  double epsilon(double progress) const;
  const float* values(ObservationBatch& seen, const std::byte* observation);
  int64_t choose(ObservationBatch& seen, const std::byte* observation, MaskRow mask, double epsilon);
  double ahead(bool ended, double epsilon);
  bool learn_one(double epsilon, training::Step& step);
  void update(int64_t action, double target, training::Step& step);
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  Options options_;
  std::optional<SingleEnv> env_;
  std::optional<PolicyNet> q_;
  core::Pcg64 exploration_;
  std::optional<ObservationBatch> seen_, next_;  // [1, O]: s, s'
  torch::Tensor slopes_;                         // [1, A] d loss / d Q(s, .)
  int64_t actions_ = 0;                          // A
  int64_t chosen_ = none;                        // SARSA: what is taken next, where that is decided
  static constexpr int64_t none = -1;
};

}  // namespace agents
