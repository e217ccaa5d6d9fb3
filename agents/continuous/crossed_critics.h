// Two critics Q(s, a) without targets (Bhatt et al. 2024, arXiv 1902.05605, section 4): what was done and
// what would be done next go through them as one batch, so that both are normalised alike.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "agents/continuous/pairs.h"
#include "training/loop/learner.h"
#include "training/nets/normalized_mlp.h"

namespace agents {

class CrossedCritics {
 public:
  // Registers "critic_1", "critic_2", of the shape of `net` and renormalised as net.renorm says, and one
  // update "critic" of both. Error, which names `agent`, for pictures and grids (Pairs).
  CrossedCritics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t B,
                 training::Build& build);

  // (s, a) and (s', a'), [B] each.
  Pairs& pairs() { return pairs_; }
  Pairs& next() { return next_; }

  // Q of both at once, by the statistics of all 2 B rows, which the running ones follow: [B, 2] each, a
  // column for each critic, on the CPU and differentiable.
  struct Values {
    torch::Tensor now, next;
  };
  Values cross();
  // Mean of the smaller Q(s, a) by running statistics; the pairs get the slope of its negative.
  double climb();

 private:
  torch::Tensor values(const torch::Tensor& rows, training::Statistics by);  // [.., O + A] -> [.., 2]

  Pairs pairs_, next_;
  std::vector<training::NormalizedMlp> critics_;
};

}  // namespace agents
