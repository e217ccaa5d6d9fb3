// What codes and samples of generative models tell.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/diagnosis/rules.h"
#include "render/text_table.h"

namespace analysis::diagnosis {

using render::short_number;

// From where on a curve has stayed below.
static double below_since(const Curve& curve, double threshold) {
  const auto& [x, y] = curve.by_step;
  size_t since = y.size() - 1;
  while (since > 0 && y[since - 1] < threshold) --since;
  return x[since];
}

Words posterior_collapse(const Evidence& run) {
  constexpr double share = 0.1;
  const auto units = run.number("latent_units");
  const Curve *active = run.curve("valid/active_units"), *kl = run.curve("valid/kl");
  if (!units || !active) return {};
  const double least = std::max(1.0, share * *units);
  if (active->last() >= least) return {};
  const std::string code = kl ? fmt::format("; valid/kl is {} nats", short_number(kl->last())) : "";
  return fmt::format("{} of {} latent dimensions tell rows apart since {}{}: the decoder makes do without z",
                     short_number(active->last()), short_number(*units), at_step(below_since(*active, least)),
                     code);
}

Words mode_collapse(const Evidence& run) {
  constexpr double share = 0.9;
  const auto modes = run.number("modes");
  const Curve* met = run.curve("valid/modes");
  if (!modes || !met || met->last() >= share * *modes) return {};
  const auto& y = met->by_step.y;
  return fmt::format("the samples meet {} of {} modes since {} (at most {} before)",
                     short_number(met->last()), short_number(*modes),
                     at_step(below_since(*met, share * *modes)),
                     short_number(*std::max_element(y.begin(), y.end())));
}

}  // namespace analysis::diagnosis
