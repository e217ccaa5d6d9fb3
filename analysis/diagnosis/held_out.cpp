// What the held-out rows and the first loss tell.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/diagnosis/rules.h"
#include "render/text_table.h"

namespace analysis::diagnosis {

using render::short_number;

// The loss of held-out rows, by the name that the learner gives it.
static const std::pair<const std::string, Curve>* held_out_loss(const Evidence& run) {
  for (const char* name : {"valid/loss", "valid/neg_elbo", "valid/nll", "valid/mse"})
    if (const auto found = run.curves.find(name); found != run.curves.end()) return &*found;
  return nullptr;
}

Words overfitting(const Evidence& run) {
  constexpr double generalisation_loss = 0.05;
  const auto* held = held_out_loss(run);
  const Curve* learned = run.curve("train/loss");
  if (!held || !learned || held->second.size() < 5) return {};
  const render::Series& loss = held->second.by_step;
  const auto least = std::min_element(loss.y.begin(), loss.y.end());
  const double at = loss.x[least - loss.y.begin()], end = loss.x.back(), quarter = (end - at) / 4;
  const double now = held->second.mean(end - quarter, end);
  if (*least <= 0 || now < (1 + generalisation_loss) * *least) return {};
  const double learned_then = learned->mean(at - quarter, at),
               learned_now = learned->mean(end - quarter, end);
  if (!(learned_now < learned_then)) return {};
  return fmt::format("{} was least, {}, at {} and has risen to {} by {}, while train/loss fell from {} to {}",
                     held->first, short_number(*least), at_step(at), short_number(now), at_step(end),
                     short_number(learned_then), short_number(learned_now));
}

Words far_from_chance(const Evidence& run) {
  constexpr double far = 1.5;
  const Curve *loss = run.curve("start/loss"), *uniform = run.curve("start/uniform");
  if (!loss || !uniform) return {};
  const double begun = loss->first, chance = uniform->first;
  if (begun <= far * chance && begun >= chance / far) return {};
  return fmt::format(
      "the loss of the first batch, before any update, was {}, where equal chances for all have {}: ln "
      "{:.0f}",
      short_number(begun), short_number(chance), std::exp(chance));
}

}  // namespace analysis::diagnosis
