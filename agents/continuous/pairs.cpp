#include "agents/continuous/pairs.h"

#include <algorithm>

#include "agents/encoder.h"
#include "core/error.h"

namespace agents {

static void check_row(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net) {
  core::check(encoder_of(net.encoder.name, spec.observation) == "flat",
              "net.encoder: the critics of {} see observation and action as one row of numbers; {} shows {} "
              "(net.encoder: flat takes it as such)",
              agent, spec.id, spec.observation.str());
}

Pairs::Pairs(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t B)
    : seen_(spec.observation.net_width()) {
  check_row(agent, spec, net);
  rows_ = torch::zeros({B, seen_ + spec.action.size()});
}

void Pairs::see(const torch::Tensor& observations) {
  const torch::Tensor rows =
      observations.is_floating_point() ? observations : torch::one_hot(observations, seen_);
  rows_.narrow(1, 0, seen_).copy_(rows);
}

void Pairs::see(const Experience& batch) {
  see(batch.seen().tensor());
  for (int64_t b = 0; b < size(); ++b) std::copy_n(batch.action(b), width() - seen_, action(b));
}

}  // namespace agents
