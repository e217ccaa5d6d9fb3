// OpenAI-ES (Salimans et al. 2017, algorithm 1): theta += lr * (1 / n sigma) sum_i F(theta + sigma eps_i)
// eps_i.
#pragma once

#include "agents/population.h"
#include "training/table.h"

namespace agents {

// theta +- sigma eps for each row eps of noise [n, P]: n candidates with +, then n with -. [2 n, P].
torch::Tensor mirrored(const torch::Tensor& theta, const torch::Tensor& noise, double sigma);
// Ranks of [M] values, scaled to -1/2 .. 1/2; equal values share their mean rank, so that a population that
// is all alike pulls nowhere.
torch::Tensor centred_ranks(const torch::Tensor& values);
// The gradient of the expected fitness with respect to theta, [P]: (1 / 2 n sigma) sum_i (F_i+ - F_i-) eps_i
// of the mirrored candidates' fitness [2 n].
torch::Tensor ascent(const torch::Tensor& noise, const torch::Tensor& fitness, double sigma);

class OpenAiEs : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {20}, .init = "orthogonal", .out_gain = 0.01};
    int64_t population = 20;
    int64_t episodes = 1;
    double sigma = 0.1;

    void fields(core::Fields& f);
  };

  explicit OpenAiEs(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  torch::Tensor noise(int64_t generation) const;

  Options options_;
  std::unique_ptr<Population> population_;
  training::NativeMlp policy_{nullptr};
  uint64_t noise_seed_ = 0, rollout_seed_ = 0;
  int64_t parameters_ = 0;  // P
};

}  // namespace agents
