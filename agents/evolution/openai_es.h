// OpenAI-ES (Salimans et al. 2017, algorithm 1): theta += lr * (1 / n sigma) sum_i F(theta + sigma eps_i)
// eps_i.
#pragma once

#include <memory>
#include <vector>

#include "agents/evolution/evolution.h"
#include "training/loop/table.h"

namespace agents {

// Ranks of [M] values, scaled to -1/2 .. 1/2; equal values share their mean rank, so that a population that
// is all alike pulls nowhere.
std::vector<double> centred_ranks(const std::vector<double>& values);
// The gradient of the expected fitness with respect to theta, [P]: (1 / 2 n sigma) sum_i (F_i+ - F_i-) eps_i
// of the mirrored candidates' fitness [2 n].
std::vector<double> ascent(const std::vector<double>& noise, const std::vector<double>& fitness,
                           double sigma);

class OpenAiEs : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {20}, .init = "orthogonal", .out_gain = 0.01};
    EvolutionOptions evolution{.population = 20, .episodes = 1, .sigma = 0.1};

    void fields(core::Fields& f);
  };

  explicit OpenAiEs(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { evolution_->evaluate(eval); }

 private:
  Options options_;
  std::unique_ptr<Evolution> evolution_;
  uint64_t noise_seed_ = 0;
};

}  // namespace agents
