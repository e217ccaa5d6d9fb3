#include "training/loop/layer_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace training {

using torch::Tensor;

static constexpr int lowest_power = -6;  // 1e-6

// [18], rising: -1e2 .. -1e-6, 1e-6 .. 1e2.
static Tensor bin_edges() {
  std::vector<double> edges;
  for (int k = powers - 1; k >= 0; --k) edges.push_back(-std::pow(10.0, lowest_power + k));
  for (int k = 0; k < powers; ++k) edges.push_back(std::pow(10.0, lowest_power + k));
  return torch::tensor(edges, torch::kFloat64);
}

// Units lie along the second axis, of a sequence along the last.
static double dead_share(const Tensor& rows) {
  const int64_t units = rows.dim() == 3 ? 2 : 1;
  const Tensor largest = std::get<0>(rows.abs().transpose(units, 0).flatten(1).max(1));
  return (largest == 0).to(torch::kFloat64).mean().item<double>();
}

TensorStatistics statistics_of(const Tensor& numbers, bool rows) {
  const torch::NoGradGuard no_grad;
  const Tensor flat = numbers.detach().to(torch::kCPU, torch::kFloat64).flatten();
  TensorStatistics found;
  if (flat.numel() == 0) return found;
  found.mean = flat.mean().item<double>();
  found.deviation = flat.std(false).item<double>();
  found.zeros = (flat == 0).to(torch::kFloat64).mean().item<double>();
  if (rows && numbers.dim() >= 2) found.dead = dead_share(numbers.detach());
  const Tensor counts = torch::bincount(torch::bucketize(flat, bin_edges(), false, true), {}, histogram_bins);
  for (int k = 0; k < histogram_bins; ++k)
    found.shares[size_t(k)] = double(counts[k].item<int64_t>()) / double(flat.numel());
  return found;
}

// "net/hidden_1.weight": the layer "net.hidden_1".
static std::string layer_of(std::string parameter) {
  std::replace(parameter.begin(), parameter.end(), '/', '.');
  return parameter.substr(0, parameter.rfind('.'));
}

static std::string module_of(const std::string& layer) { return layer.substr(0, layer.find('.')); }

// In the order of the first parameter of each.
static std::vector<std::pair<std::string, std::vector<Tensor>>> gradients_by_layer(
    const std::vector<Parameter>& parameters) {
  std::vector<std::pair<std::string, std::vector<Tensor>>> layers;
  for (const Parameter& parameter : parameters) {
    const std::string layer = layer_of(parameter.name);
    auto at = std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.first == layer; });
    if (at == layers.end()) at = layers.insert(layers.end(), {layer, {}});
    if (const Tensor& gradient = parameter.tensor.grad(); gradient.defined())
      at->second.push_back(gradient.flatten());
  }
  return layers;
}

static std::string tail_of(const std::string& layer) { return layer.substr(layer.rfind('.') + 1); }

// Whose outputs are noted by this name: the layer's own, or that of the one layer of its module that ends so,
// "policy.hidden_1" of "policy.net.hidden_1". -1: none.
static ptrdiff_t layer_noted(const std::vector<LayerStatistics>& layers, const std::string& name) {
  const auto own = std::ranges::find(layers, name, &LayerStatistics::layer);
  if (own != layers.end()) return own - layers.begin();
  const auto ends_so = [&](const LayerStatistics& l) {
    return l.weights && module_of(l.layer) == module_of(name) && tail_of(l.layer) == tail_of(name);
  };
  if (std::ranges::count_if(layers, ends_so) != 1) return -1;
  return std::ranges::find_if(layers, ends_so) - layers.begin();
}

LayerLook look_at_layers(const std::vector<Parameter>& parameters,
                         const std::vector<std::pair<std::string, Tensor>>& outputs) {
  LayerLook look;
  for (const auto& [layer, gradients] : gradients_by_layer(parameters)) {
    look.layers.push_back({.layer = layer, .weights = true, .output = {}, .gradient = {}});
    if (!gradients.empty()) look.layers.back().gradient = statistics_of(torch::cat(gradients), false);
  }
  for (const auto& [name, output] : outputs) {
    const auto beside = [&name = name](const auto& l) { return module_of(l.layer) == module_of(name); };
    const bool numbers = output.defined() && output.is_floating_point();
    if (!numbers || name.ends_with("input") || std::ranges::none_of(look.layers, beside)) continue;
    const ptrdiff_t at = layer_noted(look.layers, name);
    if (at < 0) look.layers.push_back({.layer = name, .output = {}, .gradient = {}});
    look.layers[at < 0 ? look.layers.size() - 1 : size_t(at)].output = statistics_of(output, true);
  }
  return look;
}

static std::string metric_of(const std::string& layer, const char* of, const std::string& what) {
  return fmt::format("{}{}/{}_{}", core::layer_prefix, layer, of, what);
}

static std::string share_name(int bin) { return fmt::format("share_{:02}", bin + 1); }

// "-0.01": where a bin begins, counted from 0; the middle one "0".
static std::string bin_words(int bin) {
  const int from_zero = bin - powers;
  if (from_zero == 0) return "0";
  return fmt::format("{}1e{}", from_zero < 0 ? "-" : "", lowest_power + std::abs(from_zero) - 1);
}

static std::string bin_sentence(const char* of, int bin) {
  if (bin == powers) return fmt::format("Share of {} between -1e-6 and 1e-6", of);
  return fmt::format("Share of {} from {} on, away from 0, within one power of ten{}", of, bin_words(bin),
                     bin == 0 || bin == histogram_bins - 1 ? " and beyond" : "");
}

std::vector<core::Metric> layer_metrics(const std::string& layer) {
  std::vector<core::Metric> all;
  for (const auto& [of, words] : {std::pair{"output", "the layer's outputs, behind its activation"},
                                  std::pair{"gradient", "the gradient of its weights, before clipping"}}) {
    const auto add = [&, of = of](const std::string& what, const std::string& sentence) {
      all.push_back({metric_of(layer, of, what), "", sentence, false});
    };
    add("mean", fmt::format("Mean of {}", words));
    add("deviation", fmt::format("Standard deviation of {}", words));
    add("zeros", fmt::format("Share of zeros among {}", words));
    if (std::string(of) == "output")
      add("dead", "Share of the layer's units that are 0 in every row of the batch");
    for (int k = 0; k < histogram_bins; ++k) add(share_name(k), bin_sentence(words, k));
  }
  return all;
}

std::vector<std::pair<std::string, double>> layer_values(const LayerStatistics& layer) {
  std::vector<std::pair<std::string, double>> values;
  const auto add_all = [&](const char* of, const std::optional<TensorStatistics>& found) {
    if (!found) return;
    const auto add = [&](const std::string& what, double value) {
      values.emplace_back(metric_of(layer.layer, of, what), value);
    };
    add("mean", found->mean);
    add("deviation", found->deviation);
    add("zeros", found->zeros);
    if (found->dead) add("dead", *found->dead);
    for (int k = 0; k < histogram_bins; ++k) add(share_name(k), found->shares[size_t(k)]);
  };
  add_all("output", layer.output);
  add_all("gradient", layer.gradient);
  return values;
}

static core::Picture picture_of(const LayerLook& look, std::optional<TensorStatistics> LayerStatistics::*part,
                                const std::string& name, const std::string& sentence) {
  core::Picture picture{.name = name, .kind = core::Picture::Kind::matrix, .sentence = sentence};
  for (const LayerStatistics& layer : look.layers) {
    if (!layer.weights) continue;
    picture.labels.push_back(layer.layer);
    for (int k = 0; k < histogram_bins; ++k)
      picture.data.push_back((layer.*part) ? float((layer.*part)->shares[size_t(k)]) : std::nanf(""));
  }
  for (int k = 0; k < histogram_bins; ++k)  // a sign has no room, and the sentence says which side is which
    picture.column_labels.push_back(bin_words(k < powers ? histogram_bins - 1 - k : k));
  picture.shape = {int64_t(picture.labels.size()), histogram_bins};
  return picture;
}

std::vector<core::Picture> layer_pictures(const LayerLook& look) {
  const auto any = [&](std::optional<TensorStatistics> LayerStatistics::*part) {
    return std::ranges::any_of(look.layers, [&](const auto& l) { return l.weights && (l.*part); });
  };
  std::vector<core::Picture> pictures;
  if (any(&LayerStatistics::output))
    pictures.push_back(
        picture_of(look, &LayerStatistics::output, "layer_outputs",
                   "Share of each layer's outputs by size: powers of ten, negative ones left of 0"));
  if (any(&LayerStatistics::gradient))
    pictures.push_back(
        picture_of(look, &LayerStatistics::gradient, "layer_gradients",
                   "Share of each layer's gradient by size: powers of ten, negative ones left of 0"));
  return pictures;
}

}  // namespace training
