#include "envs/board_of.h"

#include <array>
#include <utility>

namespace envs {

std::optional<games::AnyGame> board_of(const Options& env) {
  static const std::array<std::pair<const char*, games::AnyGame>, 2> boards{
      {{"ConnectFour-v0", std::type_identity<games::ConnectFour>()},
       {"TicTacToe-v0", std::type_identity<games::TicTacToe>()}}};
  for (const auto& [id, game] : boards)
    if (env.id == id && env.wrappers.empty() && !env.make(1)->spec().observation.is_discrete()) return game;
  return std::nullopt;
}

}  // namespace envs
