// DQN (Mnih et al. 2015): Q(s, a) <- r + gamma max_a' Q_target(s', a'), learned from replayed transitions.
// Switches: double (van Hasselt et al. 2016), dueling (Wang et al. 2016), prioritised (Schaul et al. 2016),
// n-step, memory (Hausknecht & Stone 2015).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/observation_batch.h"
#include "agents/policy_net.h"
#include "agents/replay.h"
#include "agents/replay_options.h"
#include "agents/value/exploration.h"
#include "agents/value/q_head.h"
#include "agents/value/sequences.h"
#include "agents/value/sum_tree.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

// One row of the loss, weight * L(Q(s, a) - target): L(e) = e^2 / 2, with huber |e| - 1/2 where |e| > 1
// (Mnih's clipped error).
struct TdRow {
  float value, error, loss;  // Q(s, a), e, weight * L(e)
};
// Writes d loss / d outputs.
TdRow td_loss(const QHead& head, const float* outputs, int64_t action, float target, float weight, bool huber,
              float* d_outputs);

class Dqn : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {120, 84}}};
    ReplayOptions replay{.train_every = 10, .batch_size = 128, .buffer_size = 10000, .learning_starts = 1000};
    int64_t n_step = 1, target_every = 50;
    double tau = 1;
    double epsilon_start = 1, epsilon_end = 0.05, epsilon_share = 0.5;
    int64_t epsilon_lasts = 1;
    std::string loss = "huber";
    bool double_q = true, dueling = false, prioritised = false;
    double alpha = 0.6, beta = 0.4;
    int64_t sequence = 16, burn_in = 0;

    void fields(core::Fields& f);
  };

  explicit Dqn(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void build_replay(const envs::Spec& spec, training::Build& build);
  void build_learning(const envs::Spec& spec, training::Build& build);
  void build_nets(const envs::Spec& spec, training::Build& build);
  void play(training::Step& step);
  void note_mask();
  const float* look();
  void choose_actions(double epsilon);
  void note_ends(training::Step& step, const envs::StepOut& out);
  void insert_newest();
  void learn(training::Step& step);
  void sample_batch(double progress);
  void estimate_targets();
  const float* next_outputs(PolicyNet& net, torch::Tensor& held);
  void apply_gradients(training::Step& step);
  double epsilon(const training::Step& step) const;
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  Options options_;
  std::unique_ptr<envs::Envs> envs_;           // what they show and pay is kept raw
  envs::DeferredNormalization normalization_;  // and is normalised, where wrappers do that, when it is drawn
  std::optional<Replay> replay_;
  std::optional<Priorities> priorities_;
  QHead head_{};
  std::optional<PolicyNet> q_, target_;
  torch::Tensor memory_;                            // [N, M] of the episodes that are played; or undefined
  core::Pcg64 exploration_random_, replay_random_;  // of exploration, of the replay
  Exploration exploration_{1, 1};
  std::optional<SequenceBatch> sequences_;  // of a network with memory
  // Memory of one step, kept.
  std::optional<ObservationBatch> now_, seen_, next_;  // [N, O], [B, O], [B, O]
  std::vector<double> returns_;                        // [N], of the episodes that ended
  std::vector<int64_t> lengths_;                       // [N], likewise
  std::vector<int64_t> positions_;                     // [B], in the replay
  std::vector<float> weights_, targets_, discounts_;   // [B]
  std::vector<MaskRow> next_masks_;                    // [B]
  std::vector<const std::byte*> next_rows_;            // [B] observations, in the replay
  torch::Tensor outputs_, d_outputs_;                  // [N, outputs] of look(), [B, outputs]
};

}  // namespace agents
