// Critics Q(s, a), one or several, and targets that follow them slowly (Lillicrap et al. 2016). Of several
// the smaller value counts (Fujimoto et al. 2018), or what all of them say is pooled (Kuznetsov et al. 2020).
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "agents/continuous/pairs.h"
#include "agents/policy_net.h"
#include "envs/envs.h"
#include "training/loop/learner.h"
#include "training/nets/native_mlp.h"

namespace agents {

// How fast targets follow.
struct TargetOptions {
  double tau = 0.005;

  void fields(core::Fields& own);  // of the agent's section
};

// Error where the nets of this family, which have neither memory nor dropout, are asked for either, or where
// there is no memory for what they put out; the message names `agent`.
void check_nets(const std::string& agent, const PolicyNetOptions& net, const ReplayOptions& replay);

// The term of critics that learn by it.
training::MetricSpec squared_error();

class Critics {
 public:
  struct Shape {
    int64_t count, width;  // networks, and numbers K that each says of a pair
    int64_t rows;          // B
  };
  // Registers "critic_1", ..., "target_1", ... and one update "critic" of all, whose only term is `loss`.
  // Error, which names `agent`, for pictures and grids (Pairs).
  Critics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, const Shape& shape,
          const training::MetricSpec& loss, training::Build& build);
  // The same with K = 1, learned by regress().
  Critics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t count,
          int64_t B, training::Build& build);

  // What they are asked next.
  Pairs& pairs() { return pairs_; }

  // Q of each critic [B, K], in memory that is theirs until the next call.
  struct Values {
    std::vector<const float*> of;
    float smallest(int64_t b) const;  // K = 1
    double mean(int64_t n) const;     // of the first n numbers of the first critic
  };
  const Values& values() { return evaluate(critics_.size()); }
  const Values& value_of_first() { return evaluate(1); }
  const Values& targets();

  // After values(): write d loss / d Q of critic k [B, K], for each that was asked. Then add d loss / d
  // parameters, or take the slope of the pairs alone.
  float* d_values(size_t k) { return d_values_[k].data_ptr<float>(); }
  void backward();
  void backward_to_actions();

  // J = E[1/2 sum_k (Q_k(s, a) - y)^2] over the pairs that are seen, K = 1: adds its slope for targets y [B].
  struct Fit {
    double squared_error, value;  // J, and the mean of the first critic's values
  };
  Fit regress(const std::vector<float>& targets);
  // One update by that on what was done in the batch; the optimiser's steps so far (training::Updated).
  int64_t learn(const Experience& batch, const std::vector<float>& targets, training::Step& step);
  // target <- tau critic + (1 - tau) target.
  void follow(double tau);

 private:
  const Values& evaluate(size_t count);

  Pairs pairs_;
  std::vector<training::NativeMlp> critics_, targets_;
  std::vector<torch::Tensor> outputs_, d_values_;  // [B, K] of each
  Values values_, target_values_;
};

// What agents whose critics learn by Critics::learn log of them.
void register_critics(training::Build& build);

}  // namespace agents
