// Small worlds in which to explore is all: a row for each id.
#include "envs/entry.h"
#include "envs/exploration/bandit.h"
#include "envs/exploration/chain.h"
#include "envs/exploration/deepsea.h"
#include "envs/exploration/randommdp.h"
#include "envs/exploration/riverswim.h"
#include "envs/families.h"

namespace envs {

static constexpr EnvDescription bandit_description{
    .observation = "nothing: always 0",
    .action = "the arm to pull",
    .reward =
        "what the arm pays: 1 with its mean as the probability, else 0 (`rewards`: gaussian: normal "
        "around the mean). One arm's mean is 0.1 above the others' 0.5",
    .end = "never before the time limit",
    .action_names = {"arm 0", "arm 1", "arm 2", "arm 3", "arm 4", "arm 5", "arm 6", "arm 7", "arm 8",
                     "arm 9"}};

static constexpr EnvDescription chain_description{
    .observation = "the state, 0 .. N - 1; episodes begin in 1",
    .action = "0 left, 1 right; the ends of the chain hold",
    .reward =
        "0.001 for a step that ends in the first state, 1 for one that ends in the last, else 0; the "
        "best return is 12",
    .end = "never before the time limit, N + 9 steps",
    .action_names = {"left", "right"}};

static constexpr EnvDescription sea_description{
    .observation = "the cell, row x N + column, from the upper left one; N x N after the last step",
    .action =
        "0 and 1: left and right, or the other way round, as each cell has drawn it from "
        "`mapping_seed`; each step sinks by a row, and the walls hold",
    .reward =
        "1 for a step to the right in the last column, less 0.01 / N for each step to the right; the "
        "best return is 0.99",
    .end = "the floor is reached, after N steps",
    .action_names = {"one way", "the other way"}};

static constexpr EnvDescription random_description{
    .observation = "the state",
    .action = "each leads to one of three states",
    .reward = "of the state's action, 0 .. 1",
    .end = "never before the time limit",
    .action_names = {"action 0", "action 1", "action 2", "action 3"}};

static constexpr EnvDescription river_description{
    .observation = "the state, 0 downstream; episodes begin in 1 or 2",
    .action =
        "0 left, which always succeeds; 1 right, which advances by one state 3 times in 10, holds 6 "
        "times and falls back once; in the first state it holds 7 times, in the last one 3 times",
    .reward =
        "5 for going left in the first state, 10000 for going right in the last one and holding, else "
        "0",
    .end = "never before the time limit",
    .action_names = {"left", "right"}};

std::vector<Entry> exploration() {
  return {
      batched<Bandit>({.id = "Bandit-v0",
                       .sentence = "Find the arm that pays best of ten",
                       .source = "Sutton & Barto (2018), Reinforcement Learning, chapter 2",
                       .max_episode_steps = 1000,
                       .description = bandit_description},
                      {}, bandit_transitions),
      batched<Chain>({.id = "Chain-v0",
                      .sentence = "Walk to the far end of a chain, past a small reward beside the start",
                      .source = "https://arxiv.org/abs/1602.04621",
                      .description = chain_description},
                     {}, chain_transitions),
      batched<DeepSea>({.id = "DeepSea-v0",
                        .sentence = "Sink to a treasure in the corner that every step must head for",
                        .source = "https://github.com/google-deepmind/bsuite",
                        .description = sea_description},
                       {}, sea_transitions),
      batched<RandomMdp>({.id = "RandomMDP-v0",
                          .sentence = "Earn what can be earned in a decision process drawn from a seed",
                          .source = "Bhatnagar et al. (2009), Natural actor-critic algorithms",
                          .max_episode_steps = 100,
                          .description = random_description},
                         {}, random_transitions),
      batched<RiverSwim>({.id = "RiverSwim-v0",
                          .sentence = "Swim against the current to the large reward upstream",
                          .source = "https://doi.org/10.1016/j.jcss.2007.08.009",
                          .max_episode_steps = 200,
                          .description = river_description},
                         {}, river_transitions),
  };
}

}  // namespace envs
