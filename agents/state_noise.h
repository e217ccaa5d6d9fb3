// Generalised state-dependent exploration (Raffin, Kober & Stulp 2021, arXiv 2005.05719, gSDE): the noise of
// an action is phi(s) theta, what a policy's last hidden layer says of the state times a matrix that lasts
// for many steps, theta_fa ~ N(0, sigma_fa^2). Over all matrices an action's deviation is the root of sum_f
// (phi_f sigma_fa)^2.
#pragma once

#include "training/torch.h"

#include <limits>
#include <optional>
#include <vector>

#include "core/archive.h"
#include "core/options.h"

namespace agents {

// What a policy's net is told of it.
struct StateDependence {
  double log_sigma = -3;
  int64_t every = 0;  // steps; 0: as long as an episode
  double mean_limit =
      std::numeric_limits<double>::infinity();  // means of actions stay within -limit .. limit
  bool moves_features = true;                   // the deviation's slope moves phi, too
};

struct StateNoiseOptions {
  bool sde = false;
  int64_t sde_sample_freq = 0;
  double sde_log_std = -3;

  void fields(core::Fields& own);  // of the agent's section
  // For policies whose actions are squashed by tanh, and for others; nothing unless it is wanted.
  std::optional<StateDependence> of_squashed() const;
  std::optional<StateDependence> of_plain() const;
};

// Deviations of actions by the state. Parameter log_sigma [F, A].
class StateDeviationImpl : public torch::nn::Module {
 public:
  StateDeviationImpl(int64_t F, int64_t A, double log_sigma);

  // phi [B, F] -> log of the deviation of each number of an action [B, A], differentiable.
  torch::Tensor forward(const torch::Tensor& phi) const;
  // phi(s) theta in units of that deviation, [N, A]: theta = sigma eps, eps [N, F, A] for each of the N rows.
  torch::Tensor noise(const torch::Tensor& phi, const torch::Tensor& eps) const;

 private:
  torch::Tensor log_sigma_;
};
TORCH_MODULE(StateDeviation);

// The matrices of N environments, in units of sigma, and how long each lasts.
class StateNoise {
 public:
  // F: width of phi, A: numbers of an action. Each matrix lasts for `every` steps at most; 0: until
  // restart().
  StateNoise(int64_t N, int64_t F, int64_t A, int64_t every, torch::Generator random);

  // An episode begins in environment i: its next step has another matrix.
  void restart(int64_t i) { age_[static_cast<size_t>(i)] = 0; }
  // eps of the step that is to be taken, [N, F, A], in memory that is kept.
  const torch::Tensor& next();
  void state(core::Archive& archive);

 private:
  int64_t every_;
  torch::Tensor eps_;         // [N, F, A]
  std::vector<int64_t> age_;  // [N], steps since an environment's matrix was drawn; 0: it is to be
  torch::Generator random_;
};

}  // namespace agents
