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

// Fewer than this share of so many things, modes or classes, are met at the end.
static Words few_met(const Evidence& run, const std::string& things, const char* attribute, double share) {
  const auto all = run.number(attribute);
  const Curve* met = run.curve("valid/" + things);
  if (!all || !met || met->last() >= share * *all) return {};
  const double most = *std::ranges::max_element(met->by_step.y);
  if (most == 0) return {};  // they have been nowhere yet
  return fmt::format("the samples meet {} of {} {} since {} (at most {} before)", short_number(met->last()),
                     short_number(*all), things, at_step(below_since(*met, share * *all)),
                     short_number(most));
}

// The nearest row tells a class less well than a centre a mode.
Words mode_collapse(const Evidence& run) {
  constexpr double of_modes = 0.9, of_classes = 0.5;
  if (Words modes = few_met(run, "modes", "modes", of_modes)) return modes;
  return few_met(run, "classes", "label_classes", of_classes);
}

}  // namespace analysis::diagnosis
