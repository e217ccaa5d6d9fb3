// Small judges and boards as nets see them, for the tests of searches.
#pragma once

#include <vector>

#include "agents/planning/self_play.h"

namespace tests::planning {

inline agents::Judge judge_of(int64_t inputs, int64_t outputs, uint64_t seed) {
  agents::Judge judge{training::FlatMlp(inputs, {24}, outputs, training::kernels::Activation::tanh), {}};
  core::Pcg64 random(seed);
  for (int64_t k = 0; k < judge.net.size(); ++k)
    judge.parameters.push_back(static_cast<float>(random.uniform(-0.4, 0.4)));
  return judge;
}

inline std::vector<float> planes_of(const auto& board) {
  std::vector<uint8_t> row(2 * static_cast<size_t>(envs::games::cells<std::remove_cvref_t<decltype(board)>>));
  envs::games::observe(board, envs::games::to_move(board), row.data());
  return {row.begin(), row.end()};
}

}  // namespace tests::planning
