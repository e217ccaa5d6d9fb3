// REINFORCE (Williams 1992, episodic form): theta += lr * sum_t grad log pi(a_t | s_t) (G_t - b_t).
#pragma once

#include <optional>
#include <string>

#include "agents/actor.h"
#include "agents/episode_batch.h"
#include "training/loop/table.h"

namespace agents {

// -log pi(a|s) (G - b), summed over each episode's steps, mean over the N episodes; advantages G - b are 0
// where an episode is over. Both [T, N]. Its slope has -d expected return / d parameters as its mean, since
// the number of steps, which is random, divides nothing. In LibTorch's operations: the twin of what follows.
torch::Tensor reinforce_loss(const torch::Tensor& log_prob, const torch::Tensor& advantages);

// The same from rows of an actor's outputs [B, K], one for each step of the episodes, with its action [B] and
// its advantage [B]: writes the slopes of surrogate - entropy_coef * entropy / episodes into d_outputs [B,
// K].
struct ReinforceTerms {
  double surrogate = 0;  // mean over the episodes
  double entropy = 0;    // nats, sum over the rows
};
ReinforceTerms reinforce_rows(Actor& actor, const torch::Tensor& outputs, const torch::Tensor& actions,
                              const torch::Tensor& advantages, int64_t episodes, double entropy_coef,
                              const torch::Tensor& d_outputs);

class Reinforce : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {64}}};
    double gamma = 0.99;
    int64_t episodes_per_update = 8;
    bool normalize = true;
    std::string baseline = "none";
    double entropy_coef = 0;

    void fields(core::Fields& f);
  };

  explicit Reinforce(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void build_nets(training::Build& build);
  void collect_episodes(training::Step& step);
  void keep_rows();
  NetInput net_input() const;
  torch::Tensor of_rows(const torch::Tensor& outputs) const;
  torch::Tensor to_net(const torch::Tensor& d_rows) const;
  torch::Tensor baseline(const torch::Tensor& returns, training::Step& step);
  torch::Tensor fit_values(const torch::Tensor& returns, training::Step& step);
  void update_policy(const torch::Tensor& advantages, training::Step& step);

  Options options_;
  std::unique_ptr<EpisodeBatch> episodes_;
  Actor actor_{nullptr};
  std::optional<PolicyNet> value_;
  torch::Generator actions_;
  uint64_t rollout_seed_ = 0;
  torch::Tensor rows_;  // [B] int64, t * N + n: the steps of the latest episodes
  // What the nets are given: [B, O] or [B], those steps' observations; with memory all steps of every
  // episode, one episode after another, also what came after its end.
  torch::Tensor inputs_;
  torch::Tensor places_;  // [B] int64, with memory: where among the inputs those steps stand
  torch::Tensor masks_;   // [B, A], what was possible; undefined: all
};

}  // namespace agents
