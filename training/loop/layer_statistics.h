// What `log.layers` looks at: of every layer what it puts out and the gradient of its weights, as mean,
// deviation, share of zeros, dead units and a histogram whose bins are the same in every run.
#pragma once

#include "training/torch.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/metric_table.h"
#include "core/picture.h"
#include "training/loop/optimizer.h"

namespace training {

// A bin for each power of ten from 1e-6 to 1e2 and beyond, of either sign, and one around 0.
inline constexpr int powers = 9, histogram_bins = 2 * powers + 1;

struct TensorStatistics {
  double mean = 0, deviation = 0, zeros = 0;
  std::optional<double> dead;  // share of the units that are 0 in every row; of outputs
  std::array<double, histogram_bins> shares{};
};
// Of numbers; `rows`: of a batch of rows, [B, units], [B, C, H, W] or [B, T, units].
TensorStatistics statistics_of(const torch::Tensor& numbers, bool rows);

struct LayerStatistics {
  std::string layer;     // "net.hidden_1"
  bool weights = false;  // it has some of its own
  std::optional<TensorStatistics> output, gradient;
};
struct LayerLook {
  std::vector<LayerStatistics> layers;  // those with weights first, as they were registered
};
// The layers of these parameters, and what the same modules noted on their way (training/trace.h).
LayerLook look_at_layers(const std::vector<Parameter>& parameters,
                         const std::vector<std::pair<std::string, torch::Tensor>>& outputs);

// Its table in the log, and what goes there of a look.
std::vector<core::Metric> layer_metrics(const std::string& layer);
std::vector<std::pair<std::string, double>> layer_values(const LayerStatistics& layer);
// The histograms of all layers with weights, a row each: of outputs and of gradients, where there are any.
std::vector<core::Picture> layer_pictures(const LayerLook& look);

}  // namespace training
