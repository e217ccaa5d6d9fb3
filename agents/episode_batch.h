// One episode of each of N environments, side by side, in tensors that are allocated once.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>

#include "envs/all.h"
#include "training/loop/learner.h"

namespace agents {

// Time T up to the environment's limit, N environments, observation O.
class EpisodeBatch {
 public:
  // Error when the environment has no time limit.
  EpisodeBatch(const envs::Options& options, int64_t n);

  // Plays one episode each from reset(seed): `act` reads the observations [N, O] of a step as nets want them,
  // and the mask, and fills its actions [N]. Columns that have ended are stepped on but masked by `alive`.
  // Returns the number of transitions that count.
  int64_t play(
      uint64_t seed,
      const std::function<void(const training::PolicyInput& seen, const torch::Tensor& actions)>& act);

  const envs::Spec& spec() const { return envs_->spec(); }
  envs::Envs& envs() { return *envs_; }
  torch::Tensor observations() const;  // [T, N, O] float32 or [T, N] int64
  torch::Tensor actions() const { return actions_.narrow(0, 0, length_); }  // [T, N]
  torch::Tensor masks() const;                                              // [T, N, A]; undefined: all
  torch::Tensor rewards() const { return rewards_.narrow(0, 0, length_); }  // [T, N]
  torch::Tensor alive() const { return alive_.narrow(0, 0, length_); }      // [T, N] 0/1

 private:
  std::unique_ptr<envs::Envs> envs_;
  // Marks who is still alive at step t + 1; returns how many.
  int64_t pass_on(int64_t t);

  int64_t n_, length_ = 0;  // length_: T of the latest rollout
  torch::Tensor observations_, actions_, masks_, rewards_, alive_, terminated_, truncated_;
};

}  // namespace agents
