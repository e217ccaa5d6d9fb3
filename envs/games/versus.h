// A board as an environment: the agent plays one side, an opponent without a net the other.
#pragma once

#include <string>
#include <variant>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/games/mcts.h"
#include "envs/games/minimax.h"

namespace envs::games {

template <Game G>
struct VersusParams {
  std::string opponent = "random", begins = "either", view = "planes";
  int64_t depth = cells<G>, playouts = 200;

  void fields(core::Fields& f) {
    f.choice("opponent", opponent,
             "Who plays the other side: random; minimax, with alpha-beta; mcts, with random playouts",
             {"mcts", "minimax", "random"});
    f.add("depth", depth, "How far minimax looks ahead", {.min = 1, .max = cells<G>, .unit = "moves"});
    f.add("playouts", playouts, "How many games mcts tries for each move", {.min = 1, .max = 1e6});
    f.choice("begins", begins, "Who plays first; either: a coin decides as the episode begins",
             {"agent", "either", "opponent"});
    if constexpr (Numbered<G>)
      f.choice("view", view,
               "What is seen. planes: cells, 1 for one's own stone, then 1 for the other's; number: of the "
               "state, in base 3, cell 0 lowest: 0 empty, 1 one's own, 2 the other's",
               {"number", "planes"});
  }
};

// Item: uint8_t sees planes, int32_t the number of the state.
template <Game G, class View>
class Versus {
 public:
  using Params = VersusParams<G>;
  using Action = int64_t;
  using Item = View;
  static constexpr int64_t parallel_from = 4096;

  explicit Versus(const Params& params) : begins_(params.begins), opponent_(RandomPlayer{}) {
    if (params.opponent == "minimax") opponent_ = Minimax<G>{int(params.depth)};
    if (params.opponent == "mcts") opponent_ = Mcts<G>({.playouts = params.playouts});
  }

  Spec spec() const {
    Spec spec{.action = Space::discrete(G::actions), .fps = 2, .action_mask = true};
    if constexpr (sees_number)
      spec.observation = Space::discrete(G::states, Dtype::int32);
    else
      spec.observation = Space::array({G::rows, G::columns, 2}, 0, 1, Dtype::uint8);
    return spec;
  }

  void reset(core::Pcg64& random) {
    board_ = {};
    last_ = -1;
    agent_ = begins_ == "agent" ? 0 : begins_ == "opponent" ? 1 : uint8_t(random.integers(0, 2));
    if (agent_ == 1) reply(random);
  }

  // What cannot be played changes nothing: it is still the agent's turn.
  Outcome step(const int64_t* action, core::Pcg64& random) {
    if (is_over()) return {0, 1};
    if (!(board_.legal() >> *action & 1)) return {0, 0};
    play(int(*action));
    if (!is_over()) reply(random);
    const bool won = board_.result() == Result::won;
    return {won ? to_move(board_) == agent_ ? -1.0f : 1.0f : 0.0f, is_over()};
  }

  void observe(Item* row) const {
    if constexpr (sees_number)
      *row = board_.number(agent_);
    else
      games::observe(board_, agent_, row);
  }

  // Once all is over nothing matters any more.
  void action_mask(uint8_t* row) const {
    const uint32_t legal = is_over() ? ~uint32_t(0) : board_.legal();
    for (int action = 0; action < G::actions; ++action) row[action] = legal >> action & 1;
  }

  void draw(core::Canvas& canvas) const { draw_board(board_, agent_, last_, canvas); }

  void state(core::Archive& archive, const std::string& name) {
    archive(name + "board", board_);
    archive.within(name + "agent", agent_, uint8_t{0}, uint8_t{1});
    archive.within(name + "last", last_, int8_t{-1}, int8_t{G::actions - 1});
  }

 private:
  static constexpr bool sees_number = std::is_same_v<View, int32_t>;

  bool is_over() const { return board_.result() != Result::open; }
  void play(int action) {
    board_.play(action);
    last_ = int8_t(action);
  }
  void reply(core::Pcg64& random) {
    play(std::visit([&](auto& opponent) { return opponent(board_, random); }, opponent_));
  }

  std::string begins_;
  std::variant<RandomPlayer, Minimax<G>, Mcts<G>> opponent_;
  G board_;
  uint8_t agent_ = 0;  // the player whom it plays
  int8_t last_ = -1;
};

}  // namespace envs::games
