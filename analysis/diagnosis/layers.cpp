// What a look at every layer tells: dead units, and gradients that vanish or explode on their way through a
// net.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "analysis/diagnosis/rules.h"
#include "core/metric_table.h"
#include "render/text_table.h"

namespace analysis::diagnosis {

using render::short_number;

namespace {

std::string layer_named(const std::string& metric) {
  return core::group_of(metric).substr(std::string(core::layer_prefix).size());
}

struct LayerGradient {
  std::string layer;
  double deviation;  // mean over the run
};

// The layers of one module, "net" of "net.hidden_1", from the smallest gradient to the largest, and its last
// layer: gradients are on their way from there.
struct ModuleGradients {
  std::vector<LayerGradient> layers;
  std::optional<LayerGradient> output;
};

std::map<std::string, ModuleGradients> gradients_of(const Evidence& run) {
  std::map<std::string, ModuleGradients> modules;
  for (const auto& [metric, curve] : run.curves) {
    if (!metric.starts_with(core::layer_prefix) || core::column_of(metric) != "gradient_deviation") continue;
    const LayerGradient own{layer_named(metric), curve.early(1)};
    ModuleGradients& module = modules[own.layer.substr(0, own.layer.find('.'))];
    module.layers.push_back(own);
    if (own.layer.ends_with(".output")) module.output = own;
  }
  for (auto& [name, module] : modules) std::ranges::sort(module.layers, {}, &LayerGradient::deviation);
  return modules;
}

std::string words_of(const LayerGradient& one, const LayerGradient& output) {
  return fmt::format("{} has a gradient of deviation {}, mean over the run, {} one of {}", one.layer,
                     short_number(one.deviation), output.layer, short_number(output.deviation));
}

}  // namespace

Words vanishing_in_layers(const Evidence& run) {
  constexpr double share = 1e-3;
  for (const auto& [name, module] : gradients_of(run))
    if (module.output && module.layers.front().deviation < share * module.output->deviation)
      return words_of(module.layers.front(), *module.output);
  return {};
}

Words exploding_in_layers(const Evidence& run) {
  constexpr double far = 1000;
  for (const auto& [name, module] : gradients_of(run))
    if (module.output && module.layers.back().deviation > far * module.output->deviation)
      return words_of(module.layers.back(), *module.output);
  return {};
}

Words dead_units(const Evidence& run) {
  constexpr double share = 0.9, at_the_end = 0.1;
  for (const auto& [metric, dead] : run.curves) {
    if (!metric.starts_with(core::layer_prefix) || core::column_of(metric) != "output_dead") continue;
    if (!(dead.late(at_the_end) > share)) continue;
    const auto& [x, y] = dead.by_step;
    size_t since = y.size() - 1;
    while (since > 0 && y[since - 1] > share) --since;
    return fmt::format("{:.3g} % of the units of {} are 0 in every row since {}", 100 * dead.late(at_the_end),
                       layer_named(metric), at_step(x[since]));
  }
  return {};
}

}  // namespace analysis::diagnosis
