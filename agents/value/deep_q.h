// Learning of action values from a replay (Mnih et al. 2015, algorithm 1): what DQN, C51 and QR-DQN share,
// which differ in how a return is estimated.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/observation_batch.h"
#include "agents/policy_net.h"
#include "agents/replay.h"
#include "agents/value/deep_q_options.h"
#include "agents/value/exploration.h"
#include "agents/value/return_head.h"
#include "agents/value/sequences.h"
#include "agents/value/sum_tree.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

class DeepQ : public training::Learner {
 public:
  // `Own`: the options of one of them, which name it and make its estimate.
  template <class Own>
  explicit DeepQ(const Own& own) : DeepQ(Own::agent, own.values, own.estimate()) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  DeepQ(std::string agent, DeepQOptions options, Estimate estimate)
      : agent_(std::move(agent)), options_(std::move(options)), estimate_(std::move(estimate)) {}
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
  void read_batch();
  void estimate_targets();
  const float* next_outputs(PolicyNet& net, torch::Tensor& held);
  int64_t apply_gradients(training::Step& step);  // Updated::steps
  double epsilon(const training::Step& step) const;
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  std::string agent_;  // the section of its options
  DeepQOptions options_;
  Estimate estimate_;
  std::unique_ptr<envs::Envs> envs_;           // what they show and pay is kept raw
  envs::DeferredNormalization normalization_;  // and is normalised, where wrappers do that, when it is drawn
  std::optional<Replay> replay_;
  std::optional<Priorities> priorities_;
  std::optional<ReturnHead> head_;
  std::optional<PolicyNet> q_, target_;
  torch::Tensor memory_;                            // [N, M] of the episodes that are played; or undefined
  core::Pcg64 exploration_random_, replay_random_;  // of exploration, of the replay
  torch::Generator noise_;                          // of noisy nets
  Exploration exploration_{1, 1};
  std::optional<SequenceBatch> sequences_;  // of a network with memory
  // Memory of one step, kept.
  std::optional<ObservationBatch> now_, seen_, next_;  // [N, O], [B, O], [B, O]
  std::vector<double> returns_;                        // [N], of the episodes that ended
  std::vector<int64_t> lengths_;                       // [N], likewise
  std::vector<int64_t> positions_;                     // [B], in the replay
  std::vector<float> weights_;                         // [B]
  std::vector<TdTarget> targets_;                      // [B], whose `next` lies in next_numbers_
  std::vector<float> next_numbers_;                    // [B, K] of the actions that come next
  std::vector<MaskRow> next_masks_;                    // [B]
  std::vector<const std::byte*> next_rows_;            // [B] observations, in the replay
  int64_t terminated_ = 0;                             // of the B
  torch::Tensor outputs_, d_outputs_;                  // [N, outputs] of look(), [B, outputs]
};

}  // namespace agents
