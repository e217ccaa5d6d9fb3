// Episodes from a range of numbered levels, for any environment: level k is the episode that a reset with
// seed k begins, with all of its luck. Train on some and judge on others (as procgen does, Cobbe et al.
// 2020).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "envs/envs.h"

namespace envs {

struct LevelOptions {
  int64_t start_level = 0, num_levels = 0;
  std::string level_choice = "drawn";

  void fields(core::Fields& f) {
    f.add("start_level", start_level, "The first level that may be played", {.min = 0, .max = 1e9});
    f.add("num_levels", num_levels,
          "How many levels from there on; 0: all of the 2^31 from there on, or, from 0 on, no levels: every "
          "episode is new",
          {.min = 0, .max = 1e9});
    f.choice("level_choice", level_choice,
             "drawn: each episode draws one of the levels; fixed: environment i, seeded with seed + i, plays "
             "level start_level + (seed + i) modulo num_levels, always",
             {"drawn", "fixed"});
  }
  bool any() const { return start_level > 0 || num_levels > 0; }
};

// N environments of which each is a batch of its own, so that it can be seeded anew for every episode.
class FixedLevels final : public Envs {
 public:
  // `make_one` gives a batch of 1 environment. Error where N is below 1.
  FixedLevels(const LevelOptions& options, int64_t n, const std::function<std::unique_ptr<Envs>()>& make_one);

  const Spec& spec() const override { return envs_[0]->spec(); }
  int64_t size() const override { return int64_t(envs_.size()); }
  void reset(uint64_t seed, std::byte* obs) override;
  void step(const Actions& actions, const StepOut& out) override;
  void action_mask(uint8_t* mask) const override;
  void draw(int64_t i, core::Canvas& canvas) const override { envs_[size_t(i)]->draw(0, canvas); }
  void autoreset(bool on) override { autoreset_ = on; }
  void next_episode(int64_t i, std::byte* obs) override { begin(size_t(i), obs); }
  void state(core::Archive& archive) override;

 private:
  uint64_t next_level(size_t i);
  void begin(size_t i, std::byte* obs);

  uint64_t first_, count_;
  bool drawn_;
  std::vector<std::unique_ptr<Envs>> envs_;  // [N] of 1
  std::vector<uint64_t> seeds_;              // [N] of the latest reset
  std::vector<core::Pcg64> draws_;           // [N] of levels
  bool started_ = false, autoreset_ = true;
};

}  // namespace envs
