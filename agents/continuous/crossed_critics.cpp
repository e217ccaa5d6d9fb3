#include "agents/continuous/crossed_critics.h"

#include "agents/continuous/critics.h"

namespace agents {

CrossedCritics::CrossedCritics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                               int64_t B, training::Build& build)
    : pairs_(agent, spec, net, B), next_(agent, spec, net, B) {
  std::vector<torch::nn::Module*> modules;
  for (const std::string name : {"critic_1", "critic_2"}) {
    critics_.emplace_back(name, pairs_.width(), 1, net.mlp, *net.renorm);
    build.module(name, *critics_.back());
    modules.push_back(critics_.back().get());
  }
  build.optimizer("critic", modules, {squared_error()});
}

torch::Tensor CrossedCritics::values(const torch::Tensor& rows, training::Statistics by) {
  std::vector<torch::Tensor> columns;
  for (training::NormalizedMlp& critic : critics_) columns.push_back(critic->forward(rows, by));
  return torch::cat(columns, 1);
}

CrossedCritics::Values CrossedCritics::cross() {
  const int64_t B = pairs_.size();
  const torch::Tensor q =
      values(torch::cat({pairs_.rows(), next_.rows()}), training::Statistics::batch).cpu();
  return {q.narrow(0, 0, B), q.narrow(0, B, B)};
}

double CrossedCritics::climb() {
  const torch::Tensor rows = pairs_.rows().clone().requires_grad_();
  const torch::Tensor value = values(rows, training::Statistics::running).amin(1).mean();
  pairs_.set_slope(torch::autograd::grad({-value}, {rows})[0]);
  return value.item<double>();
}

}  // namespace agents
