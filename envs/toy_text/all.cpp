// Gymnasium's toy text: a row for each id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/toy_text/blackjack.h"
#include "envs/toy_text/cliffwalking.h"
#include "envs/toy_text/frozenlake.h"
#include "envs/toy_text/taxi.h"

namespace envs {

static constexpr EnvDescription blackjack_description{
    .observation =
        "the player's sum, the dealer's open card (1: ace), whether the player has an ace that counts 11",
    .action = "0 sticks, 1 takes a card",
    .reward = "1 for a win (`natural`: 1.5 with a natural), 0 for a draw, -1 for a loss",
    .end = "the player sticks or is beyond 21",
    .action_names = {"stick", "hit"}};

static constexpr EnvDescription cliff_description{
    .observation = "the cell, row x 12 + column",
    .action = "0 up, 1 right, 2 down, 3 left; what leads off the grid stays",
    .reward = "-1 a step; -100 for a step into the cliff, which leads back to the start",
    .end = "the goal is reached",
    .action_names = {"up", "right", "down", "left"}};

static constexpr EnvDescription lake_description{
    .observation = "the cell, row x columns + column",
    .action = "0 left, 1 down, 2 right, 3 up; on slippery ice a step goes to either side of it as well",
    .reward = "1 at the goal, else 0 (`reward_schedule`: goal, hole, ice)",
    .end = "the goal is reached, or a hole",
    .action_names = {"left", "down", "right", "up"}};

static constexpr EnvDescription taxi_description{
    .observation =
        "((row x 5 + column) x 5 + passenger) x 4 + destination; stands 0 red, 1 green, 2 yellow, 3 blue, "
        "passenger 4: in the taxi",
    .action =
        "0 down, 1 up, 2 right, 3 left, 4 takes the passenger in, 5 sets them down; the mask tells which of "
        "them "
        "can change something",
    .reward =
        "-1 a step, 20 for a passenger set down at the destination, -10 for taking in or setting down "
        "elsewhere",
    .end = "the passenger is set down at the destination",
    .action_names = {"down", "up", "right", "left", "take in", "set down"}};

std::vector<Entry> toy_text() {
  return {
      objects<Blackjack>({.id = "Blackjack-v1",
                          .sentence = "Draw cards to come nearer to 21 than the dealer, but not beyond",
                          .source = "https://gymnasium.farama.org/environments/toy_text/blackjack",
                          .description = blackjack_description}),
      batched<CliffWalking>({.id = "CliffWalking-v1",
                             .sentence = "Walk along a cliff from which every fall costs 100",
                             .source = "https://gymnasium.farama.org/environments/toy_text/cliff_walking",
                             .description = cliff_description},
                            {}, cliff_transitions),
      batched<CliffWalking>({.id = "CliffWalkingSlippery-v1",
                             .sentence = "Walk along a cliff where two steps of three go sideways",
                             .source = "https://gymnasium.farama.org/environments/toy_text/cliff_walking",
                             .description = cliff_description},
                            {.is_slippery = true}, cliff_transitions),
      batched<FrozenLake>({"FrozenLake-v1",
                           "Cross slippery ice, 4 by 4 cells, to the goal without falling into a hole",
                           "https://gymnasium.farama.org/environments/toy_text/frozen_lake",
                           100,
                           0.70,
                           {},
                           lake_description},
                          {}, lake_transitions),
      batched<FrozenLake>({"FrozenLake8x8-v1",
                           "Cross slippery ice, 8 by 8 cells, to the goal without falling into a hole",
                           "https://gymnasium.farama.org/environments/toy_text/frozen_lake",
                           200,
                           0.85,
                           {},
                           lake_description},
                          {.map_name = "8x8"}, lake_transitions),
      batched<Taxi>({"Taxi-v4",
                     "Fetch a passenger from one of four stands and set them down at another",
                     "https://gymnasium.farama.org/environments/toy_text/taxi",
                     200,
                     8,
                     {},
                     taxi_description},
                    {}, taxi_table),
  };
}

}  // namespace envs
