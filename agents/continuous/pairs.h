// What critics are asked: observations beside actions, as rows of numbers, and what they answer with, a slope
// along the actions.
#pragma once

#include "training/torch.h"

#include <string>

#include "agents/continuous/experience.h"
#include "agents/policy_net.h"
#include "envs/envs.h"

namespace agents {

class Pairs {
 public:
  // Room for B of them. Vectors and choices; Error, which names `agent`, where `net` sees pictures or grids.
  Pairs(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t B);

  // B observations, [B, O] or [B] int64, beside actions that the caller writes; or those of the batch beside
  // what was done.
  void see(const torch::Tensor& observations);
  void see(const Experience& batch);
  float* action(int64_t b) const { return rows_.data_ptr<float>() + b * width() + seen_; }
  const torch::Tensor& rows() const { return rows_; }  // [B, O + A]

  // d loss / d rows [B, O + A], and where it begins for the action of row b.
  void set_slope(const torch::Tensor& slope) { slope_ = slope; }
  const float* action_slope(int64_t b) const { return slope_.data_ptr<float>() + b * width() + seen_; }

  int64_t size() const { return rows_.size(0); }   // B
  int64_t width() const { return rows_.size(1); }  // O + A

 private:
  int64_t seen_;  // O, numbers of an observation
  torch::Tensor rows_, slope_;
};

}  // namespace agents
