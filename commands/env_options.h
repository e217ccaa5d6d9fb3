// An environment as the command line names it: an id and `env.key=value` words.
#pragma once

#include <string>
#include <vector>

#include "envs/all.h"

namespace commands {

bool is_override(const std::string& word);  // env.key=value

// Error names the word that is wrong.
envs::Options env_options(const std::string& id, const std::vector<std::string>& overrides);

}  // namespace commands
