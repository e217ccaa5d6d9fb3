// T steps of N environments that play on from rollout to rollout, in tensors that are allocated once.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <vector>

#include "agents/tensors.h"
#include "envs/all.h"
#include "training/loop/learner.h"

namespace agents {

// Time T, N environments, observation O. Environments write in place; row T of the observations is where the
// next rollout begins.
class Rollout {
 public:
  Rollout(const envs::Options& options, int64_t n, int64_t T);

  // Resets every environment, environment i to seed + i.
  void begin(uint64_t seed);
  // Plays T steps: `act` reads the observations [N, O] of step t as nets want them, and the mask, and fills
  // actions()[t]. Returns the number of transitions.
  int64_t play(const std::function<void(int64_t t, const training::PolicyInput& seen)>& act);
  // Environments, and what they show now.
  void state(core::Archive& archive);

  const envs::Spec& spec() const { return envs_->spec(); }
  int64_t size() const { return n_; }
  int64_t length() const { return T_; }
  torch::Tensor observations() const;                 // [T + 1, N, O] float32 or [T + 1, N] int64
  torch::Tensor actions() const { return actions_; }  // [T, N] int64 or [T, N, A] float32
  const torch::Tensor& actions_at(int64_t t) const { return action_rows_[static_cast<size_t>(t)]; }
  torch::Tensor masks() const { return masks_; }            // [T, N, A] uint8; undefined: all is possible
  torch::Tensor rewards() const { return rewards_; }        // [T, N]
  torch::Tensor terminated() const { return terminated_; }  // [T, N] uint8
  torch::Tensor truncated() const { return truncated_; }    // [T, N] uint8
  // The last observations of the episodes that the time limit alone ended: rows [K, O], in the order of their
  // positions (t * N + n) in `where`.
  torch::Tensor final_observations(std::vector<int64_t>& where) const;
  // The last observations of step t, [N, O], as nets want them; those of episodes that ended there count.
  torch::Tensor final_at(int64_t t) const { return for_net(final_[t], spec()); }
  // Logs every episode that ended in this rollout.
  void log_episodes(training::Step& step) const;

 private:
  std::unique_ptr<envs::Envs> envs_;
  int64_t n_, T_;
  torch::Tensor observations_, actions_, masks_, rewards_, terminated_, truncated_, final_;
  torch::Tensor returns_, lengths_;            // [T, N] of the episodes that ended there
  std::vector<training::PolicyInput> inputs_;  // row t; no observations where nets cannot read them in place
  std::vector<envs::StepOut> outs_;            // where step t writes
  std::vector<torch::Tensor> action_rows_;     // actions()[t]
};

}  // namespace agents
