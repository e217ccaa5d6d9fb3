// How data become noise in T steps, and back (Ho, Jain & Abbeel 2020, Denoising diffusion probabilistic
// models): q(x_t | x_0) = N(sqrt(a_t) x_0, (1 - a_t) I), a_t = product of 1 - beta_s over s <= t. Steps are
// counted from 0 for x_1 to T - 1 for x_T.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

namespace generative {

class NoiseSchedule {
 public:
  // "linear": beta from 1e-4 to 0.02 of 1,000 steps, of other numbers as much larger as there are fewer (Ho
  // et al. 2020, section 4); "cosine": a_t = cos^2 of an even rise to a right angle (Nichol & Dhariwal 2021,
  // equation 17). No beta is above 0.999.
  NoiseSchedule(const std::string& name, int64_t steps);

  int64_t steps() const { return kept_.size(0); }                      // T
  double kept(int64_t t) const { return t < 0 ? 1 : at_[size_t(t)]; }  // a_t; of the data themselves 1
  double beta(int64_t t) const { return 1 - kept(t) / kept(t - 1); }

  // The mean of q(x_{t-1} | x_t, x_0) is of_data x_0 + of_now x_t: equations 6 and 7.
  struct Posterior {
    double of_data, of_now, variance;
  };
  Posterior posterior(int64_t t) const;

  // KL(q(x_T | x_0) || N(0, 1)) of one number whose square is `square`, in nats: what is left of the data.
  double terminal_kl(double square) const;

  // For rows x [B, ...] and steps t [B] int64, and of the same shapes: x_t; the velocity v = sqrt(a) noise -
  // sqrt(1 - a) x (Salimans & Ho 2022, section 4); and what a velocity at x_t says of the noise and the data.
  torch::Tensor noised(const torch::Tensor& x, const torch::Tensor& noise, const torch::Tensor& t) const;
  torch::Tensor velocity(const torch::Tensor& x, const torch::Tensor& noise, const torch::Tensor& t) const;
  torch::Tensor noise_of(const torch::Tensor& x_t, const torch::Tensor& v, const torch::Tensor& t) const;
  torch::Tensor data_of(const torch::Tensor& x_t, const torch::Tensor& v, const torch::Tensor& t) const;

 private:
  // sqrt(a_t) and sqrt(1 - a_t) of each row, as x has its dimensions: [B, 1, ...].
  struct Roots {
    torch::Tensor data, noise;
  };
  Roots roots(const torch::Tensor& like, const torch::Tensor& t) const;

  torch::Tensor kept_;  // [T] float64
  std::vector<double> at_;
};

// A part of x_t and a part of the noise: x_{t-1} of a sampler that keeps `eta` of the randomness (Song, Meng
// & Ermon 2021, Denoising diffusion implicit models, equations 12 and 16), from step `now` to the earlier one
// `next`, which is -1 for the data: of_data x_0 + of_noise eps + deviation z.
struct Leap {
  double of_data, of_noise, deviation;
};
Leap leap(const NoiseSchedule& schedule, int64_t now, int64_t next, double eta);

// `count` steps of T, evenly spaced, from T - 1 down, and -1 behind them.
std::vector<int64_t> sampled_steps(int64_t T, int64_t count);

}  // namespace generative
