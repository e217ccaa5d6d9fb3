// Discrete actions in words, and the keys that take them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "envs/envs.h"
#include "render/viewer/key.h"

namespace render {

// What action `a` of this environment is called: "left", or its number where it has no name.
std::string action_name(const envs::Spec& spec, int64_t a);
// The same of an element of its observation, where its wrappers have left it as it was; empty where it has
// none.
std::string observation_name(const envs::Spec& spec, size_t k);

// A person's hands on an environment with one discrete action.
class Hands {
 public:
  // Error for any other space of actions.
  explicit Hands(const envs::Spec& spec);

  // The action that a key takes: digits by number, arrows by name.
  std::optional<int64_t> action(Key key) const;
  int64_t idle() const { return idle_; }  // while no key is held: "nothing" where there is such an action
  std::string sentence() const;           // "← left  → right", for the strip

 private:
  std::vector<std::string> names_;
  std::vector<Key> keys_;  // by action: an arrow, or a digit
  int64_t idle_ = 0;
};

}  // namespace render
