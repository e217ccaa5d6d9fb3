// Which board an environment plays: for agents that search it for both players.
#pragma once

#include <optional>

#include "envs/all.h"
#include "envs/games/boards.h"

namespace envs {

// Nothing where it plays none, or its observation is not the planes of the board alone.
std::optional<games::AnyGame> board_of(const Options& env);

}  // namespace envs
