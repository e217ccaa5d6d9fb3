#include "envs/games/boards.h"

#include <array>
#include <utility>

namespace envs::games {

std::optional<AnyGame> game_of(const Options& env) {
  static const std::array<std::pair<const char*, AnyGame>, 2> games{
      {{"ConnectFour-v0", std::type_identity<ConnectFour>()},
       {"TicTacToe-v0", std::type_identity<TicTacToe>()}}};
  for (const auto& [id, game] : games)
    if (env.id == id && env.wrappers.empty() && !env.make(1)->spec().observation.is_discrete()) return game;
  return std::nullopt;
}

}  // namespace envs::games
