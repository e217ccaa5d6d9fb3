// Batches for a Q-network with memory (Hausknecht & Stone 2015, DRQN): sequences of steps from the replay.
// Memory is 0 before the first step of each, begins anew with each episode, and the first `burn_in` steps
// only warm it up (Kapturowski et al. 2019).
#pragma once

#include "training/torch.h"

#include <vector>

#include "agents/observation_batch.h"
#include "agents/policy_net.h"
#include "agents/replay.h"
#include "core/random.h"

namespace agents {

// S sequences, of which L steps are learned from; n steps are summed before the bootstrap.
struct SequenceShape {
  int64_t sequences, burn_in, length, n_step;

  int64_t rows() const { return burn_in + length + n_step; }  // T observations of each, the last to bootstrap
  int64_t steps_after_first() const { return rows() - 1; }
};

class SequenceBatch {
 public:
  SequenceBatch(const SequenceShape& shape, const envs::Space& seen, ObservationBatch::Transform transform);

  // Draws sequences uniformly; writes the S * L positions in the replay that are learned from, a sequence
  // after the other. The replay has more than T - 1 steps.
  void draw(const Replay& replay, core::Pcg64& random, std::vector<int64_t>& positions);
  // Outputs [S * L, K] of what is learned from, with their graph in the net.
  torch::Tensor outputs(PolicyNet& net) const;
  // Outputs [S * L, K] where the n steps of each lead to: `next` [S * L] as Replay::n_step gave them.
  torch::Tensor next_outputs(PolicyNet& net, const std::vector<const std::byte*>& next);

 private:
  // Everything that a net says along the sequences, step by step.
  struct Pass {
    std::vector<torch::Tensor> outputs, memories;  // [T] of [S, K], [S, M] after each step
  };
  Pass pass(PolicyNet& net) const;
  torch::Tensor rows(int64_t first, int64_t count) const;
  int64_t end_of(int64_t row) const;

  SequenceShape shape_;
  ObservationBatch seen_, cut_;        // [S * T, O], [S * L, O]
  std::vector<const std::byte*> raw_;  // [S * T] where each lies in the replay
  torch::Tensor starts_;               // [S, T] uint8: an episode begins
};

}  // namespace agents
