// Q-learning (Watkins & Dayan 1992): Q(s, a) += alpha (r + gamma max_a' Q(s', a') - Q(s, a)).
#pragma once

#include <optional>

#include "agents/epsilon_schedule.h"
#include "agents/single_env.h"
#include "agents/tabular/state_table.h"
#include "core/random.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

class QLearning : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    double gamma = 0.99;
    int64_t num_steps = 100;
    double learning_rate = 1, visit_power = 0.6;
    EpsilonSchedule exploration;

    void fields(core::Fields& f);
  };

  explicit QLearning(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  std::span<double> row(int64_t state) const;
  double learning_rate(int64_t state, int64_t action);
  int64_t choose(int64_t state, double epsilon);
  double learn_one(double epsilon, training::Step& step);
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy,
                             torch::Generator generator) const;

  Options options_;
  std::optional<SingleEnv> env_;
  core::Pcg64 exploration_;
  StateTable q_{nullptr}, visits_{nullptr};  // [S, A]
  int64_t actions_ = 0;                      // A
};

}  // namespace agents
