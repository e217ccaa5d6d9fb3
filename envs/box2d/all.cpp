// Gymnasium's games on Box2D: a row for each id.
#include "envs/box2d/bipedalwalker.h"
#include "envs/box2d/lunarlander.h"
#include "envs/box2d/replayed.h"
#include "envs/entry.h"
#include "envs/families.h"

namespace envs {

std::vector<Entry> box2d() {
  return {
      objects<Replayed<BipedalWalker>>({"BipedalWalker-v3",
                                        "Walk on two legs of two joints each over uneven ground",
                                        "https://gymnasium.farama.org/environments/box2d/bipedal_walker",
                                        1600, 300, bipedalwalker_controller}),
      objects<Replayed<BipedalWalker>>(
          {"BipedalWalkerHardcore-v3", "Walk on two legs over stumps and stairs and past pits",
           "https://gymnasium.farama.org/environments/box2d/bipedal_walker", 2000, 300,
           bipedalwalker_controller},
          {.hardcore = true}),
      objects<Replayed<LunarLander<int64_t>>>(
          {"LunarLander-v3", "Set a lander down between two flags by firing one of three engines or none",
           "https://gymnasium.farama.org/environments/box2d/lunar_lander", 1000, 200,
           lunarlander_controller<int64_t>}),
      objects<Replayed<LunarLander<float>>>({"LunarLanderContinuous-v3",
                                             "Set a lander down between two flags by throttling its engines",
                                             "https://gymnasium.farama.org/environments/box2d/lunar_lander",
                                             1000, 200, lunarlander_controller<float>}),
  };
}

}  // namespace envs
