// What all arcade games have: levels that are drawn, actions that stick, and their symbols. A game is its
// whole state, plain and without padding:
//
//   struct Game {
//     static constexpr const char* id;
//     static constexpr int channels, actions;
//     static constexpr int64_t first;     // sticks before there was another action
//     void begin(core::Pcg64& chance);    // draws the level and the first state
//     Outcome step(int64_t action, core::Pcg64& chance);  // of a game that is over: nothing happens
//     void observe(FeaturePlanes seen) const;    // all 0 so far
//     void draw(core::Canvas&) const;
//     bool is_sound() const;              // whether it can be
//   };
//
// Levels as procgen's (Cobbe et al. 2020), sticky actions as the Arcade Learning Environment's (Machado et
// al. 2018), symbols as MinAtar's (Young & Tian 2019).
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <type_traits>

#include "core/options.h"
#include "envs/arcade/field.h"
#include "envs/envs.h"

namespace envs::arcade {

struct Params {
  std::string observation = "symbols";
  double sticky_action_probability = 0.25;

  void fields(core::Fields& f) {
    f.choice(
        "observation", observation,
        "What is seen. symbols: 12 x 12 cells, 1 where a thing of each kind is; pixels: the drawing, 84 x "
        "84, grey",
        {"pixels", "symbols"});
    f.add("sticky_action_probability", sticky_action_probability,
          "That the last action is taken once more instead of the one given", {.min = 0, .max = 1});
  }
};

template <class Game>
class Arcade {
  static_assert(std::has_unique_object_representations_v<Game> && std::is_trivially_copyable_v<Game>);

 public:
  using Params = arcade::Params;
  using Action = int64_t;
  using Item = uint8_t;
  static constexpr int64_t parallel_from = 4096;

  explicit Arcade(const Params& p) : sticky_(p.sticky_action_probability) {}

  Spec spec() const {
    return {.observation = Space::array({side, side, Game::channels}, 0, 1, Dtype::uint8),
            .action = Space::discrete(Game::actions),
            .fps = 10};
  }

  void reset(core::Pcg64& random) {
    level_ = random.integers(0, levels);
    chance_ = core::Pcg64(core::mix(uint64_t(level_), {Game::id}));
    last_ = Game::first;
    game_.begin(chance_);
  }

  Outcome step(const int64_t* action, core::Pcg64& random) {
    if (random.random() >= sticky_) last_ = *action;
    return game_.step(last_, chance_);
  }

  void observe(uint8_t* row) const {
    std::fill_n(row, side * side * Game::channels, uint8_t{0});
    game_.observe({row, Game::channels});
  }

  void draw(core::Canvas& canvas) const { game_.draw(canvas); }

  void state(core::Archive& archive, const std::string& name) {
    archive(name + "game", game_);
    archive(name + "chance", chance_);
    archive.within(name + "level", level_, int64_t{0}, levels);
    archive.within(name + "last", last_, int64_t{0}, int64_t{Game::actions - 1});
  }

 private:
  static constexpr int64_t levels = int64_t{1} << 31;

  double sticky_;
  int64_t level_ = 0, last_ = Game::first;
  core::Pcg64 chance_;  // the level's own luck
  Game game_{};
};

}  // namespace envs::arcade
