// A game in a physics world as one environment for Objects. A Box2D world cannot be saved whole (the impulses
// that it starts its solver with are private): what is saved is the generator at the reset and the actions
// since, and restoring plays them again.
//
//   class Game {
//     using Params, Action (int64_t or float), Item = float;  // Params: fields(), check()
//     static Spec spec();                 // or spec(const Params&), where they change its spaces
//     Game(const Params&, core::Pcg64&);  // a fresh episode
//     Outcome step(const Action*, core::Pcg64&);
//     void observe(Item* row) const;
//     // or, with memory that is made once: using Scratch; void observe(Item* row, Scratch&) const;
//     void draw(core::Canvas&) const;
//   };
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/archive.h"
#include "core/random.h"
#include "envs/envs.h"

namespace envs {

template <class Game>
struct ScratchOf {
  struct type {};
};
template <class Game>
requires requires { typename Game::Scratch; }
struct ScratchOf<Game> {
  using type = typename Game::Scratch;
};

template <class Game>
class Replayed {
 public:
  using Params = typename Game::Params;
  using Action = typename Game::Action;
  using Item = typename Game::Item;
  static constexpr int64_t parallel_from = 8;

  explicit Replayed(const Params& params) : params_(params) { params_.check(); }
  Replayed(const Replayed& other) : params_(other.params_) {}  // a copy has yet to be reset
  Replayed& operator=(const Replayed&) = delete;

  Spec spec() const {
    if constexpr (requires { Game::spec(params_); })
      return Game::spec(params_);
    else
      return Game::spec();
  }

  // Makes room for the actions of an episode, so that none of its steps allocates.
  void reserve(int64_t steps) { actions_.reserve(size_t(steps) * action_width_); }

  void reset(core::Pcg64& random) {
    begun_ = random;
    actions_.clear();
    game_.emplace(params_, random);
  }

  Outcome step(const Action* action, core::Pcg64& random) {
    actions_.insert(actions_.end(), action, action + action_width_);
    return game().step(action, random);
  }

  void observe(Item* row) const {
    if constexpr (requires { game().observe(row, scratch_); })
      game().observe(row, scratch_);
    else
      game().observe(row);
  }
  void draw(core::Canvas& canvas) const { game().draw(canvas); }

  void state(core::Archive& archive, const std::string& name) {
    uint8_t playing = game_.has_value();
    archive.within(name + "playing", playing, uint8_t{0}, uint8_t{1});
    archive(name + "begun", begun_);
    archive.sized(name + "actions", actions_);
    if (!archive.loading()) return;
    game_.reset();
    check_restored(name);
    if (playing) replay();
  }

 private:
  // A restored state may know of none.
  const Game& game() const {
    if (!game_) core::fail("{}: step before the first reset", spec().id);
    return *game_;
  }
  Game& game() { return const_cast<Game&>(std::as_const(*this).game()); }

  // A world that meets NaN leaves its memory.
  void check_restored(const std::string& name) const {
    const Space space = spec().action;
    bool sound = actions_.size() % action_width_ == 0;
    for (const Action action : actions_)
      if constexpr (std::is_floating_point_v<Action>)
        sound = sound && std::isfinite(action);
      else
        sound = sound && action >= 0 && action < space.n[0];
    core::check(sound, "saved state '{}actions' holds actions that cannot be", name);
  }

  void replay() {
    core::Pcg64 random = begun_;
    game_.emplace(params_, random);
    for (size_t k = 0; k < actions_.size(); k += action_width_) game_->step(&actions_[k], random);
  }

  Params params_;
  size_t action_width_ = size_t(spec().action.size());
  std::optional<Game> game_;
  core::Pcg64 begun_;            // the generator at the reset
  std::vector<Action> actions_;  // [T, A] since then
  mutable typename ScratchOf<Game>::type scratch_;
};

}  // namespace envs
