// Layers are modules with a weight, and parameters that stand alone.
#include "training/loop/summary.h"

#include <algorithm>
#include <set>

#include "training/loop/layer_watch.h"
#include "training/loop/recorder.h"
#include "training/nets/recurrent.h"

namespace training {
namespace {

using torch::Tensor;

struct Layer : WatchedLayer {
  const torch::nn::Module* module = nullptr;
  bool learned = true;
  bool seen = false;
};

// "1" of "input_1": what belongs to one layer of a Recurrent.
std::string layer_of(const torch::nn::Module& module, const std::string& parameter) {
  if (module.as<RecurrentImpl>()) return "layer_" + parameter.substr(parameter.rfind('_') + 1);
  return parameter == "weight" || parameter == "bias" ? "" : parameter;
}

void add_weight(std::vector<Layer>& layers, const Registry::Module& entry, const std::string& name,
                const torch::nn::Module& module, const Tensor& weight) {
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.name == name; });
  if (found != layers.end()) {
    found->weights.push_back(weight);
    return;
  }
  Layer layer;
  layer.name = name;
  layer.weights = {weight};
  layer.module = &module;
  layer.learned = entry.optimised;
  layer.attends = name.ends_with("qkv");
  layers.push_back(std::move(layer));
}

std::vector<Layer> layers_of(const Registry& registry) {
  std::vector<Layer> layers;
  const auto joined = [](const std::string& path, char between, const std::string& name) {
    return path.empty() || name.empty() ? path + name : path + between + name;
  };
  for (const Registry::Module& entry : registry.modules)
    for (const auto& part : entry.module->named_modules("", true))
      for (const auto& own : part.value()->named_parameters(false)) {
        const std::string path = joined(part.key(), '.', layer_of(*part.value(), own.key()));
        add_weight(layers, entry, joined(entry.name, '/', path), *part.value(), own.value());
      }
  return layers;
}

// What the weights alone tell; nothing of others, such as convolutions.
bool is_told_by_weights(const Layer& layer) {
  return layer.module->as<torch::nn::LinearImpl>() || layer.module->as<RecurrentImpl>();
}

LayerSummary told_by_weights(const Layer& layer) {
  LayerSummary summary;
  if (!is_told_by_weights(layer)) return summary;
  for (const Tensor& weight : layer.weights)
    if (weight.dim() == 2) summary.flops += 2 * double(weight.numel());
  const auto* linear = layer.module->as<torch::nn::LinearImpl>();
  const Tensor& weight = layer.weights.at(linear ? 0 : 1);  // a Recurrent's hidden one is [gates D, D]
  summary.operation = linear ? "linear" : "recurrent";
  summary.shape = {weight.size(linear ? 0 : 1)};
  summary.outputs = double(summary.shape[0] * weight.element_size());
  return summary;
}

// Steps of learning, no longer than a while, up to where each optimiser's loss is known: by then every net
// has answered.
void learn_once(Session& session) {
  constexpr double a_while_s = 10;
  struct Enough {};
  std::set<std::string> awaited;
  for (const auto& update : session.registry.updates)
    if (!update.parameters.empty()) awaited.insert(session.registry.update_metric(update.name, "loss"));
  const bool once = awaited.empty();
  const Logger logger{[&](const std::string& metric, double) {
                        awaited.erase(metric);
                        if (!once && awaited.empty()) throw Enough();
                      },
                      nullptr};
  const double began = seconds_now();
  try {
    do session.step(logger);
    while (!once && session.progress() < 1 && seconds_now() - began < a_while_s);
  } catch (const Enough&) {
  }
}

// Where the weights tell all, and nobody says how many rows come at once, nothing need be learned.
bool must_learn(const Session& session, const std::vector<Layer>& layers) {
  return !session.registry.sources.empty() ||
         !std::all_of(layers.begin(), layers.end(), [](const Layer& l) { return is_told_by_weights(l); });
}

int64_t parameters_of(const Layer& layer) {
  int64_t parameters = 0;
  for (const Tensor& weight : layer.weights) parameters += weight.numel();
  return parameters;
}

// Calls in their order, net by net; of a layer's several ones the first has the parameters.
std::vector<LayerSummary> told(std::vector<Layer>& layers, const std::vector<LayerCall>& calls,
                               int64_t rows) {
  std::vector<LayerSummary> all;
  const auto net_of = [](const std::string& name) { return name.substr(0, name.find('/')); };
  const auto add = [&](Layer& layer, LayerSummary summary) {
    summary.name = layer.name;
    summary.parameters =
        layer.seen || summary.operation.find("pool") != std::string::npos ? 0 : parameters_of(layer);
    summary.learned = layer.learned;
    layer.seen = true;
    all.push_back(std::move(summary));
  };
  std::vector<std::string> nets;
  for (const Layer& layer : layers)
    if (nets.empty() || nets.back() != net_of(layer.name)) nets.push_back(net_of(layer.name));
  for (const std::string& net : nets) {
    for (const LayerCall& call : calls) {
      if (net_of(layers[call.layer].name) != net) continue;
      const double batch = double(rows > 0 ? rows : call.shape.empty() ? 1 : call.shape[0]);
      const double per = rows > 0 ? 1 : batch;
      add(layers[call.layer], {.operation = call.operation,
                               .shape = {call.shape.begin() + (call.shape.empty() ? 0 : 1), call.shape.end()},
                               .flops = call.flops / batch,
                               .outputs = call.bytes / per});
    }
    for (Layer& layer : layers)
      if (net_of(layer.name) == net && !layer.seen) {
        LayerSummary summary = told_by_weights(layer);
        summary.outputs *= double(std::max<int64_t>(rows, 1));
        add(layer, std::move(summary));
      }
  }
  return all;
}

// Before anything is learned: in the midst of it a critic may hold still for its generator.
int64_t learned_of(const Registry& registry) {
  int64_t learned = 0;
  for (const auto& update : registry.updates)
    for (const Parameter& p : update.parameters) learned += p.tensor.requires_grad() ? p.tensor.numel() : 0;
  return learned;
}

void add_memory(NetSummary& summary, Session& session) {
  for (const auto& [name, tensor] : session.registry.tensors()) summary.weights += double(tensor.nbytes());
  for (const auto& [name, tensor] : session.registry.buffers) summary.tables += double(tensor.nbytes());
  for (auto& [name, group] : session.updater.groups()) {
    for (const Parameter& p : group.optimizer.parameters()) summary.gradient += double(p.tensor.nbytes());
    for (const auto& [slot, tensor] : group.optimizer.state()) summary.state += double(tensor.nbytes());
    for (const auto& average : group.ema) summary.average += double(average.average.nbytes());
  }
}

}  // namespace

NetSummary summarise(Session& session) {
  NetSummary summary;
  summary.learned = learned_of(session.registry);
  std::vector<Layer> layers = layers_of(session.registry);
  const auto& sources = session.registry.sources;
  std::vector<LayerCall> calls;
  if (must_learn(session, layers))
    watch_layers(
        {layers.begin(), layers.end()}, [&] { learn_once(session); }, calls);
  const int64_t rows = sources.empty() ? 0 : sources[0].source->batch_size();
  summary.rows = std::max<int64_t>(rows, 1);
  summary.layers = told(layers, calls, rows);
  for (const LayerSummary& layer : summary.layers) {
    summary.parameters += layer.parameters;
    summary.flops += layer.flops;
    summary.outputs += layer.outputs;
  }
  add_memory(summary, session);
  return summary;
}

}  // namespace training
