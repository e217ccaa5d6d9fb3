// Games that a net plays against itself, with a search before each move (Silver et al. 2018), and the search
// alone. Boards are searched in groups of a fixed size, whose leaves the net judges at once; each game has
// its own random numbers: so neither threads nor the company of other boards change a bit.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/planning/plan.h"
#include "envs/games/boards.h"
#include "training/nets/flat_mlp.h"

namespace agents {

struct SelfPlayOptions {
  int64_t simulations = 100, sampled_moves = 8;
  double exploration = 2.5, temperature = 1, noise_share = 0.25, noise_concentration = 1;
};

// The policy-value net on plain memory: planes in, logits [A] and the value before its tanh out. Any number
// of threads may ask it.
struct Judge {
  training::FlatMlp net;
  std::vector<float> parameters;
};

// A position, to whoever was to move there.
struct Example {
  std::vector<uint8_t> planes;  // [rows, columns, 2]
  std::vector<float> visits;    // [A] shares of the search's visits
  float outcome = 0;            // 1: won, 0: drawn, -1: lost
};

// Games first .. first + count - 1 of this seed: their positions, game by game.
std::vector<Example> self_play(const envs::games::AnyGame& game, const Judge& judge,
                               const SelfPlayOptions& options, uint64_t seed, int64_t first, int64_t count);
// The search without noise for N boards, planes [N, rows, columns, 2]. As BoardSearch's.
std::vector<Plan> plan_boards(const envs::games::AnyGame& game, const Judge& judge,
                              const SelfPlayOptions& options, const float* planes, int64_t N);

}  // namespace agents
