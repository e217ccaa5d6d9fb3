#include "envs/exploration/chain.h"

#include "envs/grid.h"
#include "envs/scene.h"

namespace envs {

Transitions chain_transitions(const ChainParams& params) {
  const int64_t last = params.length - 1;
  auto table = Transitions::empty(params.length, 2);
  table.initial[1] = 1;
  for (int64_t state = 0; state <= last; ++state)
    for (const int64_t action : {0, 1}) {
      const int64_t next = std::clamp<int64_t>(state + (action ? 1 : -1), 0, last);
      const double reward = next == 0 ? params.near_reward : next == last ? params.far_reward : 0;
      table.of(state, action) = {{1, int32_t(next), reward, false}};
    }
  return table;
}

void ChainPlan::draw(int64_t state, core::Canvas& canvas) const {
  const double n = double(params_.length);
  canvas.view({-0.3, -0.9, n + 0.6, 2.8}, scene::paper);
  canvas.line({0.5, 0.5}, {n - 0.5, 0.5}, scene::steel, 0.08);
  for (int64_t k = 0; k < params_.length; ++k)
    canvas.circle({double(k) + 0.5, 0.5}, 0.4, {{233, 231, 223}, scene::steel, 0.04});
  canvas.circle({0.5, 1.25}, 0.12, {{214, 168, 56}, scene::ink, 0.02});  // the small reward
  scene::flag(canvas, {n - 1, 0.85});
  scene::walker(canvas, {double(state), 0});
}

}  // namespace envs
