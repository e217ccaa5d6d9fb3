#include "agents/state_noise.h"

#include "core/error.h"

namespace agents {

void StateNoiseOptions::fields(core::Fields& own) {
  own.add("sde", sde,
          "While it learns, what is added to actions follows from the state by a matrix that lasts (gSDE), "
          "instead of being drawn at each step");
  own.add("sde_sample_freq", sde_sample_freq,
          "sde: steps after which that matrix is drawn anew; 0: when an episode begins alone",
          {.min = 0, .max = 1e12, .unit = "steps"});
  own.add("sde_log_std", sde_log_std, "sde: log of the deviation of the matrix's numbers when the run begins",
          {.min = -20, .max = 2});
}

// Beyond 2 tanh is as good as 1, and the policy as good as deaf.
std::optional<StateDependence> StateNoiseOptions::of_squashed() const {
  if (!sde) return std::nullopt;
  return StateDependence{.log_sigma = sde_log_std, .every = sde_sample_freq, .mean_limit = 2};
}

std::optional<StateDependence> StateNoiseOptions::of_plain() const {
  if (!sde) return std::nullopt;
  return StateDependence{.log_sigma = sde_log_std, .every = sde_sample_freq, .moves_features = false};
}

StateDeviationImpl::StateDeviationImpl(int64_t F, int64_t A, double log_sigma)
    : log_sigma_(register_parameter("log_sigma", torch::full({F, A}, log_sigma, torch::kFloat32))) {}

torch::Tensor StateDeviationImpl::forward(const torch::Tensor& phi) const {
  constexpr double least_variance = 1e-6;  // where every feature is 0
  return 0.5 * (phi.square().matmul((2 * log_sigma_).exp()) + least_variance).log();
}

torch::Tensor StateDeviationImpl::noise(const torch::Tensor& phi, const torch::Tensor& eps) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor theta = log_sigma_.exp() * eps.to(phi.device());  // [N, F, A]
  return torch::bmm(phi.unsqueeze(1), theta).squeeze(1) / forward(phi).exp();
}

StateNoise::StateNoise(int64_t N, int64_t F, int64_t A, int64_t every, torch::Generator random)
    : every_(every),
      eps_(torch::zeros({N, F, A})),
      age_(static_cast<size_t>(N)),
      random_(std::move(random)) {}

const torch::Tensor& StateNoise::next() {
  for (int64_t i = 0; i < std::ssize(age_); ++i) {
    int64_t& age = age_[static_cast<size_t>(i)];
    if (age == 0 || (every_ > 0 && age >= every_)) {
      eps_[i].normal_(0, 1, random_);
      age = 0;
    }
    ++age;
  }
  return eps_;
}

void StateNoise::state(core::Archive& archive) {
  archive("matrices", eps_.data_ptr<float>(), static_cast<size_t>(eps_.numel()));
  archive.within("age", age_.data(), age_.size(), int64_t{0}, std::numeric_limits<int64_t>::max());
  core::check(torch::isfinite(eps_).all().item<bool>(),
              "saved state of the exploration's noise holds what is not finite");
}

}  // namespace agents
