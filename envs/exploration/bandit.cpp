#include "envs/exploration/bandit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/random.h"
#include "envs/scene.h"

namespace envs {

std::vector<double> bandit_means(const BanditParams& params) {
  std::vector<double> means = params.means;
  if (means.empty()) {
    means.assign(size_t(params.arms), params.mean);
    means[size_t(core::Pcg64(uint64_t(params.instance_seed)).integers(0, params.arms))] += params.gap;
  }
  for (size_t arm = 0; arm < means.size(); ++arm) {
    core::check(std::isfinite(means[arm]), "means: arm {}: expected a number, found {}", arm, means[arm]);
    core::check(params.rewards != "bernoulli" || (means[arm] >= 0 && means[arm] <= 1),
                "rewards: bernoulli needs means of 0 .. 1, arm {} has {}", arm, means[arm]);
  }
  return means;
}

Transitions bandit_transitions(const BanditParams& params) {
  const std::vector<double> means = bandit_means(params);
  auto table = Transitions::empty(1, int64_t(means.size()));
  table.initial[0] = 1;
  for (size_t arm = 0; arm < means.size(); ++arm)
    if (params.rewards == "bernoulli")
      table.of(0, int64_t(arm)) = {{means[arm], 0, 1, false}, {1 - means[arm], 0, 0, false}};
    else
      table.of(0, int64_t(arm)) = {{1, 0, means[arm], false}};
  return table;
}

namespace {

void block(core::Canvas& canvas, core::Vec low, core::Vec high, core::Paint paint) {
  const std::array<core::Vec, 4> corners{{low, {high.x, low.y}, high, {low.x, high.y}}};
  canvas.polygon(corners, paint);
}

// A slot machine whose gauge stands at `share` of the whole; its lever is down once it was pulled.
void draw_machine(core::Canvas& canvas, double x, double share, bool pulled) {
  const double knob = pulled ? 0.5 : 1.3;
  canvas.line({x + 0.84, 0.8}, {x + 0.92, knob}, scene::ink, 0.06);
  canvas.circle({x + 0.92, knob}, 0.07, core::filled(scene::danger));
  block(canvas, {x + 0.1, 0}, {x + 0.82, 1.4}, {pulled ? scene::body : scene::steel, scene::ink, 0.03});
  block(canvas, {x + 0.24, 0.16}, {x + 0.68, 1.2}, core::filled(scene::paper));
  block(canvas, {x + 0.24, 0.16}, {x + 0.68, 0.16 + 1.04 * share}, core::filled({160, 200, 176}));
}

}  // namespace

void draw_bandit(const std::vector<double>& means, int64_t arm, double paid, core::Canvas& canvas) {
  const double k = double(means.size());
  const double low = std::min(0.0, *std::min_element(means.begin(), means.end()));
  const double high = std::max({low + 1e-9, 1.0, *std::max_element(means.begin(), means.end())});
  canvas.view({-0.2, -0.55, k + 0.4, 2.75}, scene::paper);
  canvas.line({-0.1, -0.04}, {k + 0.1, -0.04}, scene::grid, 0.05);
  for (size_t a = 0; a < means.size(); ++a) {
    const double x = double(a);
    draw_machine(canvas, x, (means[a] - low) / (high - low), int64_t(a) == arm);
    canvas.text({x + 0.46, -0.4}, fmt::format("{}", a), 0.2, scene::ink, core::Align::center);
  }
  if (arm < 0) return;
  canvas.text({double(arm) + 0.46, 1.6}, fmt::format("{:+.3g}", paid), 0.28,
              paid > 0 ? scene::goal : scene::danger, core::Align::center);
}

}  // namespace envs
