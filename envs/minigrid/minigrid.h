// MiniGrid: walk through rooms that are seen only seven cells ahead; carry things, open doors, do as the
// mission says. Chevalier-Boisvert et al. (2023); rules, draws and observations as in MiniGrid 3.1. Each
// level is an id.
#pragma once

#include <string>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/minigrid/rules.h"

namespace envs {

struct MiniGridParams {
  const minigrid::Level* level;
  std::string view = "dict";

  void fields(core::Fields& f) {
    f.choice("view", view,
             "What the agent sees. dict: 7 x 7 cells as (object, colour, state), its direction, the mission; "
             "flat: those cells alone; one_hot: those, each number one-hot; full: all cells and the agent",
             {"dict", "flat", "one_hot", "full"});
  }
};

class MiniGrid {
 public:
  using Params = MiniGridParams;
  using Action = int64_t;
  using Item = uint8_t;
  static constexpr int64_t parallel_from = 4096;

  explicit MiniGrid(const Params& params);

  Spec spec() const;
  void reset(core::Pcg64& random);
  Outcome step(const int64_t* action, core::Pcg64& random);
  void observe(uint8_t* row) const;
  void draw(core::Canvas& canvas) const;
  void state(core::Archive& archive, const std::string& name);

 private:
  enum class View : int32_t { dict, flat, one_hot, full };

  Outcome outcome(minigrid::Verdict verdict) const;
  void put_into_words();
  bool is_possible() const;

  const minigrid::Level* level_;
  View view_;
  int32_t steps_ = 0;
  minigrid::World world_;
  uint8_t words_[minigrid::Mission::most_words] = {};  // the mission of this episode
};

}  // namespace envs
