// Gymnasium's toy text: a row for each id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/toy_text/blackjack.h"
#include "envs/toy_text/cliffwalking.h"
#include "envs/toy_text/frozenlake.h"
#include "envs/toy_text/taxi.h"

namespace envs {

std::vector<Entry> toy_text() {
  return {
      objects<Blackjack>({"Blackjack-v1", "Draw cards to come nearer to 21 than the dealer, but not beyond",
                          "https://gymnasium.farama.org/environments/toy_text/blackjack"}),
      batched<CliffWalking>({"CliffWalking-v1", "Walk along a cliff from which every fall costs 100",
                             "https://gymnasium.farama.org/environments/toy_text/cliff_walking"},
                            {}, cliff_transitions),
      batched<CliffWalking>(
          {"CliffWalkingSlippery-v1", "Walk along a cliff where two steps of three go sideways",
           "https://gymnasium.farama.org/environments/toy_text/cliff_walking"},
          {.is_slippery = true}, cliff_transitions),
      batched<FrozenLake>(
          {"FrozenLake-v1", "Cross slippery ice, 4 by 4 cells, to the goal without falling into a hole",
           "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 100, 0.70},
          {}, lake_transitions),
      batched<FrozenLake>(
          {"FrozenLake8x8-v1", "Cross slippery ice, 8 by 8 cells, to the goal without falling into a hole",
           "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 200, 0.85},
          {.map_name = "8x8"}, lake_transitions),
      batched<Taxi>({"Taxi-v4", "Fetch a passenger from one of four stands and set them down at another",
                     "https://gymnasium.farama.org/environments/toy_text/taxi", 200, 8},
                    {}, taxi_table),
  };
}

}  // namespace envs
