#include "agents/continuous/twin_critics.h"

#include "agents/encoder.h"
#include "core/error.h"

namespace agents {

static void check_row(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net) {
  core::check(encoder_of(net.encoder.name, spec.observation) == "flat",
              "net.encoder: the critics of {} see observation and action as one row of numbers; {} shows {} "
              "(net.encoder: flat takes it as such)",
              agent, spec.id, spec.observation.str());
}

TwinCritics::TwinCritics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                         int64_t B, training::Build& build)
    : seen_(spec.observation.net_width()) {
  check_row(agent, spec, net);
  const int64_t width = seen_ + spec.action.size();
  pairs_ = torch::zeros({B, width});
  const auto add = [&](const std::string& name, std::vector<training::NativeMlp>& to) {
    to.emplace_back(name, width, 1, net.mlp);
    build.module(name, *to.back());
  };
  for (const char* place : {"1", "2"}) add(std::string("critic_") + place, critics_);
  for (const char* place : {"1", "2"}) add(std::string("target_") + place, targets_);
  follow(1);
  build.optimizer("critic", {critics_[0].get(), critics_[1].get()},
                  {{"squared_error", "reward^2",
                    "Half the squared errors of both critics from their target, mean over the batch"}});
}

void TwinCritics::see(const torch::Tensor& observations) {
  const torch::Tensor rows =
      observations.is_floating_point() ? observations : torch::one_hot(observations, seen_);
  pairs_.narrow(1, 0, seen_).copy_(rows);
}

TwinCritics::Values TwinCritics::values() {
  first_ = critics_[0]->forward(pairs_);
  second_ = critics_[1]->forward(pairs_);
  return {first_.data_ptr<float>(), second_.data_ptr<float>()};
}

TwinCritics::Values TwinCritics::targets() {
  const training::MlpInput rows{pairs_.data_ptr<float>(), nullptr};
  return {targets_[0]->forward(rows, pairs_.size(0)), targets_[1]->forward(rows, pairs_.size(0))};
}

void TwinCritics::backward(const torch::Tensor& d_first, const torch::Tensor& d_second) {
  critics_[0]->backward(d_first.unsqueeze(1));
  critics_[1]->backward(d_second.unsqueeze(1));
}

void TwinCritics::backward_to_actions(const torch::Tensor& d_first, const torch::Tensor& d_second) {
  d_pairs_ = critics_[0]->input_gradient(d_first.unsqueeze(1));
  d_pairs_.add_(critics_[1]->input_gradient(d_second.unsqueeze(1)));
}

void TwinCritics::follow(double tau) {
  for (size_t k = 0; k < critics_.size(); ++k) targets_[k]->soft_update(*critics_[k], tau);
}

}  // namespace agents
