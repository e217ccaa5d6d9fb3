// Two-player games against an opponent: a row for each id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/games/connect_four.h"
#include "envs/games/tictactoe.h"
#include "envs/games/versus.h"

namespace envs {

using namespace games;

static constexpr EnvDescription tictactoe_description{
    .observation =
        "the cells, row by row, in two planes: 1 for each of the agent's stones, 1 for each of the "
        "opponent's. The option `view` offers the number of the state instead",
    .action =
        "the cell to play, 0 to 8, row by row from the upper left; the mask tells which are free. What "
        "is not changes nothing, and it is still the agent's turn",
    .reward = "1 for a win, -1 for a loss, else 0",
    .end = "three in a row, or nine stones",
    .action_names = {"upper left", "upper middle", "upper right", "middle left", "middle", "middle right",
                     "lower left", "lower middle", "lower right"}};

static constexpr EnvDescription connect_four_description{
    .observation =
        "the cells, row by row from the top, in two planes: 1 for each of the agent's stones, 1 "
        "for each of the opponent's",
    .action =
        "the column into which a stone falls, 0 to 6; the mask tells which are not full. A full one "
        "changes nothing, and it is still the agent's turn",
    .reward = "1 for a win, -1 for a loss, else 0",
    .end = "four in a row, upright, level or aslant, or 42 stones",
    .action_names = {"column 0", "column 1", "column 2", "column 3", "column 4", "column 5", "column 6"}};

template <Game G>
static Entry board(const Registration& row, const VersusParams<G>& defaults) {
  return entry(row, {"exact"}, [row, defaults] {
    auto params = std::make_shared<VersusParams<G>>(defaults);
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
      if constexpr (Numbered<G>)
        if (params->view == "number") return objects_of<Versus<G, int32_t>>(*params, row, n, max_steps);
      return objects_of<Versus<G, uint8_t>>(*params, row, n, max_steps);
    };
    return factory;
  });
}

std::vector<Entry> two_player_games() {
  return {
      board<ConnectFour>({.id = "ConnectFour-v0",
                          .sentence = "Drop stones into columns until four of one's own lie in a row",
                          .source = "Allis (1988), A knowledge-based approach of Connect-Four",
                          .max_episode_steps = 100,
                          .description = connect_four_description},
                         {.depth = 4}),
      board<TicTacToe>({.id = "TicTacToe-v0",
                        .sentence = "Place stones until three of one's own lie in a row",
                        .source = "https://en.wikipedia.org/wiki/Tic-tac-toe",
                        .max_episode_steps = 50,
                        .description = tictactoe_description},
                       {}),
  };
}

}  // namespace envs
