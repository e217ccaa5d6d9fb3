// Episodic semi-gradient SARSA with tile coding (Sutton & Barto 2018, equation 10.1 and section 10.1):
// w += alpha (r + gamma q(s', a', w) - q(s, a, w)) grad q, where q is the sum of the weights of the tiles
// that s lies in.
#pragma once

#include <optional>
#include <vector>

#include "agents/epsilon_schedule.h"
#include "agents/single_env.h"
#include "agents/tabular/state_table.h"
#include "agents/tabular/tile_coder.h"
#include "core/random.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

class SemiGradientSarsa : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    double gamma = 0.99;
    int64_t num_steps = 100;
    double learning_rate = 0.5;
    TileOptions tiles;
    EpsilonSchedule exploration;

    void fields(core::Fields& f);
  };

  explicit SemiGradientSarsa(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  // A state: the tiles that it lies in [tilings], and what q says of its actions [A].
  struct Seen {
    std::vector<int64_t> tiles;
    std::vector<double> q;
  };

  Seen room() const;
  void look(const float* observation, Seen& seen) const;
  int64_t choose(const Seen& seen, MaskRow mask, double epsilon);
  double learn_one(double epsilon, training::Step& step);
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy,
                             torch::Generator generator) const;

  Options options_;
  std::optional<SingleEnv> env_;
  std::optional<TileCoder> coder_;
  core::Pcg64 exploration_;
  StateTable weights_{nullptr};  // [tiles, A]
  int64_t actions_ = 0;          // A
  int64_t chosen_ = none;        // the next action, where it is decided
  Seen now_, next_;              // memory of one move, kept

  static constexpr int64_t none = -1;
};

}  // namespace agents
