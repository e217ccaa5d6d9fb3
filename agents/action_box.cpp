#include "agents/action_box.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace agents {

static bool is_bounded_box(const envs::Space& action) {
  const auto finite = [](float bound) { return std::isfinite(bound); };
  return action.kind == envs::Space::Kind::box && std::all_of(action.low.begin(), action.low.end(), finite) &&
         std::all_of(action.high.begin(), action.high.end(), finite);
}

// Agents that do learn there.
static const char* agents_for(const envs::Space& action) {
  return action.is_discrete() ? "a2c, dqn and ppo" : "a2c and ppo";
}

ActionBox::ActionBox(const std::string& agent, const envs::Spec& spec)
    : low_(spec.action.low), high_(spec.action.high) {
  core::check(is_bounded_box(spec.action),
              "env: {} needs a Box action space with finite bounds; {} has {}, where {} learn", agent,
              spec.id, spec.action.str(), agents_for(spec.action));
}

void ActionBox::to_box(const float* unit, float* action) const {
  for (size_t a = 0; a < low_.size(); ++a)
    action[a] = std::clamp(low_[a] + 0.5f * (high_[a] - low_[a]) * (1 + unit[a]), low_[a], high_[a]);
}

void ActionBox::to_unit(const float* action, float* unit) const {
  for (size_t a = 0; a < low_.size(); ++a) {
    const float half = 0.5f * (high_[a] - low_[a]);
    unit[a] = half > 0 ? std::clamp((action[a] - low_[a]) / half - 1, -1.0f, 1.0f) : 0;
  }
}

}  // namespace agents
