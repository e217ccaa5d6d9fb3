// What the gradient's norm tells, of each update by itself.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/diagnosis/rules.h"
#include "render/text_table.h"

namespace analysis::diagnosis {

using render::short_number;

static constexpr const char* norm_suffix = "grad_norm";
static constexpr size_t fewest_norms = 20;

// The loss of the same update.
static const Curve* loss_beside(const Evidence& run, const std::string& norm) {
  return run.curve(norm.substr(0, norm.size() - std::string(norm_suffix).size()) + "loss");
}

static double median_of(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
  return values[values.size() / 2];
}

Words exploding_gradients(const Evidence& run) {
  constexpr double far = 100;
  if (const std::string why = run.run.attribute("failure"); why.find(" is not finite") != std::string::npos)
    return "the run ended at " + why;
  for (const auto& [metric, norm] : run.curves) {
    if (!metric.ends_with(norm_suffix) || norm.size() < fewest_norms) continue;
    const auto& [x, y] = norm.by_step;
    const double usual = median_of({y.begin(), y.begin() + std::ssize(y) / 2});
    const auto largest = std::max_element(y.begin(), y.end());
    const Curve* loss = loss_beside(run, metric);
    if (!loss || *largest <= far * usual || !(loss->late(0.1) > loss->early(0.1))) continue;
    return fmt::format("{} was {} at {}, {} times its median before; {} has risen from {} to {}", metric,
                       short_number(*largest), at_step(x[largest - y.begin()]),
                       short_number(*largest / usual), "the loss", short_number(loss->early(0.1)),
                       short_number(loss->late(0.1)));
  }
  return {};
}

Words vanishing_gradients(const Evidence& run) {
  constexpr double share = 1e-3, unlearned = 0.9;
  for (const auto& [metric, norm] : run.curves) {
    if (!metric.ends_with(norm_suffix) || norm.size() < fewest_norms) continue;
    const Curve* loss = loss_beside(run, metric);
    if (!loss || norm.late(0.1) > share * norm.by_step.y.front()) continue;
    const double begins = loss->by_step.y.front();
    if (begins <= 0 || loss->late(0.1) < unlearned * begins) continue;  // it may have learned all there is
    const auto &x = norm.by_step.x, &y = norm.by_step.y;
    const auto since = std::find_if(y.begin(), y.end(), [&](double at) { return at <= share * y.front(); });
    return fmt::format("{} fell from {} to {} by {}, and the loss only from {} to {}", metric,
                       short_number(y.front()), short_number(norm.late(0.1)),
                       at_step(x[std::min(since, y.end() - 1) - y.begin()]), short_number(begins),
                       short_number(loss->late(0.1)));
  }
  return {};
}

}  // namespace analysis::diagnosis
