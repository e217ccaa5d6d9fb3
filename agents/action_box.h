// A bounded Box of actions in units of half its range: -1 .. 1 in each number, whatever the environment's own
// units.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/envs.h"

namespace agents {

class ActionBox {
 public:
  // Box action spaces whose bounds are finite; Error else, which names `agent`.
  ActionBox(const std::string& agent, const envs::Spec& spec);

  int64_t size() const { return static_cast<int64_t>(low_.size()); }  // A
  // One action [A], there and back; never beyond the bounds.
  void to_box(const float* unit, float* action) const;
  void to_unit(const float* action, float* unit) const;

  const std::vector<float>& low() const { return low_; }    // [A]
  const std::vector<float>& high() const { return high_; }  // [A]

 private:
  std::vector<float> low_, high_;
};

}  // namespace agents
