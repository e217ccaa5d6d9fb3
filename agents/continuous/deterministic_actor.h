// A policy mu(s) without chance, which tanh squashes into the bounds of a Box, and a target that follows it
// slowly (Silver et al. 2014; Lillicrap et al. 2016). Actions are in units of half their range.
#pragma once

#include "training/torch.h"

#include <string>

#include "agents/action_box.h"
#include "agents/continuous/action_noise.h"
#include "agents/continuous/critics.h"
#include "agents/continuous/experience.h"
#include "agents/policy_net.h"
#include "training/loop/learner.h"

namespace agents {

class DeterministicActor {
 public:
  // Registers "policy", "target_policy", the update "actor" and how the agent acts. Error for other action
  // spaces than a bounded Box, which names `agent`.
  DeterministicActor(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                     training::Build& build);

  // Into actions [N, A], for each environment that is played: mu(s) and the noise of this moment.
  void explore(ActionNoise& noise, const Experience& played, training::MlpInput seen, float* actions);
  // Rows of the critics: observations beside what the target does there.
  void propose(const ObservationBatch& seen, Critics& critics);
  // In the Box's units; greedy or not, it acts the same.
  training::Policy policy();

  // Adds the slope of J = -E[Q(s, mu(s))] over B observations, of the first critic (Lillicrap et al. 2016,
  // eq. 6), and returns E[Q].
  double climb(Critics& critics, const torch::Tensor& observations);
  // One update by that.
  void learn(Critics& critics, const torch::Tensor& observations, training::Step& step);
  // target <- tau policy + (1 - tau) target.
  void follow(double tau) { target_.soft_update(net_, tau); }

 private:
  training::PolicyOutput act(const training::PolicyInput& input);

  ActionBox box_;
  PolicyNet net_, target_;
};

}  // namespace agents
