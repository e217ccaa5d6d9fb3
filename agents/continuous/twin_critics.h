// Two critics Q(s, a), of whose values the smaller one counts (Fujimoto et al. 2018), and targets that follow
// them slowly (Lillicrap et al. 2016).
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "agents/policy_net.h"
#include "envs/envs.h"
#include "training/loop/learner.h"
#include "training/nets/native_mlp.h"

namespace agents {

class TwinCritics {
 public:
  // Registers "critic_1", "critic_2", "target_1", "target_2" and one update "critic" of both. They see
  // vectors and choices beside the action as one row of numbers; Error, which names `agent`, for pictures and
  // grids.
  TwinCritics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t B,
              training::Build& build);

  // Rows for `values` and `targets`: B observations, [B, O] or [B] int64, beside actions that the caller
  // writes.
  void see(const torch::Tensor& observations);
  float* action(int64_t b) { return pairs_.data_ptr<float>() + b * pairs_.size(1) + seen_; }

  // Q of both [B], in memory that is theirs until the next call.
  struct Values {
    const float *first, *second;
    float smaller(int64_t b) const { return first[b] < second[b] ? first[b] : second[b]; }
  };
  Values values();
  Values targets();
  // After values(): adds d loss / d parameters, given d loss / d Q of each critic [B].
  void backward(const torch::Tensor& d_first, const torch::Tensor& d_second);
  // After values(): d loss / d actions alone; row b begins at action_slope(b).
  void backward_to_actions(const torch::Tensor& d_first, const torch::Tensor& d_second);
  const float* action_slope(int64_t b) const {
    return d_pairs_.data_ptr<float>() + b * pairs_.size(1) + seen_;
  }
  // target <- tau critic + (1 - tau) target.
  void follow(double tau);

 private:
  int64_t seen_;                   // numbers of an observation
  torch::Tensor pairs_, d_pairs_;  // [B, O + A]
  torch::Tensor first_, second_;   // [B, 1] of the latest values()
  std::vector<training::NativeMlp> critics_, targets_;
};

}  // namespace agents
