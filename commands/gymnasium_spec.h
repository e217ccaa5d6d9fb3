// Gymnasium's EnvSpec, which says how an environment was made, and our options: each as the other.
#pragma once

#include <string>

#include "envs/all.h"

namespace commands {

// EnvSpec.to_json() of the environment; empty where options or wrappers make it another one than Gymnasium's
// can be, and where Gymnasium itself does not have it.
std::string env_spec_json(const envs::Options& options);

// An environment as an EnvSpec names it.
struct Named {
  std::string id;       // of Gymnasium; empty: the text is no EnvSpec
  std::string options;  // the `env:` section that makes the same one here; empty where none does
  std::string strange;  // what ours lacks: "the keyword argument 'frame_skip'"; empty where it is whole
};
Named from_env_spec(const std::string& json);

}  // namespace commands
