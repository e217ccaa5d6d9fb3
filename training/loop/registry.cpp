#include "training/loop/registry.h"

#include <algorithm>

#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"
#include "training/compat.h"
#include "training/loop/learner.h"

namespace training {

std::string split_metric_name(Split split, const std::string& spec) {
  return (split == Split::test ? "test/" : "valid/") + spec;
}

Registry::Named Registry::tensors() const {
  Named all;
  for (const Module& entry : modules) {
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
      all.emplace_back(entry.name + "/" + name, tensor);
    };
    for (const auto& item : entry.module->named_parameters()) add(item.key(), item.value());
    for (const auto& item : entry.module->named_buffers()) add(item.key(), item.value());
  }
  return all;
}

Registry::Modes Registry::evaluate() const {
  Modes modes;
  for (const Module& entry : modules) {
    modes.emplace_back(entry.module, entry.module->is_training());
    for (const auto& part : entry.module->modules(false)) modes.emplace_back(part.get(), part->is_training());
    entry.module->eval();
  }
  return modes;
}

// A module's train() sets its parts, too; they stand behind it in the list.
void Registry::restore(const Modes& modes) {
  for (const auto& [module, training] : modes) module->train(training);
}

const MetricSpec* Registry::metric(const std::string& name) const {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

static bool is_of_test(const std::string& metric) { return metric.rfind("test/", 0) == 0; }

bool Registry::has_test() const {
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const auto& metric) { return is_of_test(metric.name); });
}

std::string Registry::update_metric(const std::string& update, const std::string& spec) const {
  return updates.size() > 1 ? "train/" + update + "_" + spec : "train/" + spec;
}

uint64_t Build::seed_for(const std::string& purpose) const {
  return core::mix(seed_, {std::string_view(purpose)});
}

void Build::module(const std::string& name, torch::nn::Module& module) {
  module.to(device_);
  registry_.modules.push_back({name, &module});
}

// Biases and norms have one dimension; embeddings are named by their type, or declared.
static std::vector<Parameter> parameters_of(const std::string& prefix, const torch::nn::Module& root,
                                            const std::vector<torch::Tensor>& embeddings) {
  const auto declared = [&](const torch::Tensor& parameter) {
    return std::any_of(embeddings.begin(), embeddings.end(),
                       [&](const torch::Tensor& embedding) { return embedding.is_same(parameter); });
  };
  std::vector<Parameter> all;
  for (const auto& item : root.named_modules("", true)) {
    const bool is_module = item.value()->as<torch::nn::Embedding>() != nullptr;
    for (const auto& own : item.value()->named_parameters(false)) {
      const std::string path = item.key().empty() ? own.key() : item.key() + "." + own.key();
      const bool embedding = is_module || declared(own.value());
      all.push_back({prefix + "/" + path, own.value(), own.value().dim() > 1 && !embedding, embedding});
    }
  }
  return all;
}

static void add_module(Registry::Update& update, Registry::Module& entry,
                       const std::vector<torch::Tensor>& embeddings) {
  entry.optimised = true;
  for (auto& parameter : parameters_of(entry.name, *entry.module, embeddings))
    update.parameters.push_back(std::move(parameter));
  for (const auto& buffer : entry.module->named_buffers())
    if (buffer.value().is_floating_point())
      update.statistics.emplace_back(entry.name + "/" + buffer.key(), buffer.value());
}

void Build::optimizer(const std::string& name, const std::vector<torch::nn::Module*>& modules,
                      const std::vector<MetricSpec>& terms) {
  Registry::Update update;
  update.name = name;
  update.terms = terms;
  for (const torch::nn::Module* wanted : modules)
    for (auto& entry : registry_.modules)
      if (entry.module == wanted) add_module(update, entry, registry_.embeddings);
  core::check(!update.parameters.empty(), "optimiser '{}' was given no parameters of a registered module",
              name);
  registry_.updates.push_back(std::move(update));
}

void Build::embedding(const torch::Tensor& parameter) { registry_.embeddings.push_back(parameter); }

void Build::counts(const torch::Tensor& tensor) { registry_.counts.push_back(tensor); }

void Build::update(const std::string& name, const std::vector<MetricSpec>& terms) {
  Registry::Update update;
  update.name = name;
  update.terms = terms;
  registry_.updates.push_back(std::move(update));
}

void Build::buffer(const std::string& name, torch::Tensor& tensor) {
  tensor = tensor.to(device_);
  registry_.buffers.emplace_back(name, tensor);
}

void Build::state(const std::string& name, std::function<void(core::Archive&)> archive) {
  registry_.states.push_back({"/buffers/" + name, std::move(archive)});
}

void Build::inference_state(const std::string& name, std::function<void(core::Archive&)> archive) {
  registry_.states.push_back({"/buffers/" + name, std::move(archive), true});
}

void Build::envs(const std::string& name, std::function<void(core::Archive&)> archive) {
  registry_.states.push_back({"/envs/" + name, std::move(archive)});
}

torch::Generator Build::stream(const std::string& purpose) {
  torch::Generator generator = make_generator(seed_for(purpose));
  registry_.streams.push_back({purpose, generator});
  return generator;
}

void Build::collects() { registry_.collects = true; }

void Build::source(const std::string& name, Source& source) {
  registry_.sources.push_back({name, &source});
  registry_.states.push_back({"/buffers/source_" + name, [&source](core::Archive& a) { source.state(a); }});
}

void Build::policy(Policy act) { registry_.act = std::move(act); }

void Build::classifier(Classifier classify) { registry_.classify = std::move(classify); }

void Build::metric(const MetricSpec& spec) { registry_.metrics.push_back(spec); }

void Build::split_metric(const MetricSpec& spec) {
  const auto add = [&](Split split, const std::string& part) {
    MetricSpec of_split = spec;
    of_split.name = training::split_metric_name(split, spec.name);
    of_split.sentence += part;
    metric(of_split);
  };
  add(Split::valid, ", of the validation part");
  add(Split::test, ", of the test part: once, when the run ends, by the weights of best.h5");
}

void Build::score(const std::string& metric) {
  core::check(!is_of_test(metric), "score: nothing is chosen by the test part, found '{}'", metric);
  const MetricSpec* spec = registry_.metric(metric);
  core::check(spec && spec->direction != Direction::none,
              "score '{}': expected a registered metric with a better and a worse", metric);
  registry_.score = Registry::Score{metric, spec->direction == Direction::maximize ? 1 : -1};
}

void Build::fact(const std::string& name, int64_t value) { registry_.facts.emplace_back(name, value); }

void Build::note(const std::string& line) { registry_.notes.push_back(line); }

// What the linear layers of all modules put out for a row.
static double outputs_of(const Registry& registry) {
  double outputs = 0;
  for (const auto& entry : registry.modules)
    for (const auto& layer : entry.module->modules())
      if (const auto* linear = layer->as<torch::nn::LinearImpl>()) outputs += double(linear->weight.size(0));
  return outputs;
}

// Weights are there; their gradients and moments, and what the layers put out for a batch and its slope, come
// with the first step.
static void require_first_step(const Registry& registry) {
  double moments = 0, rows = 0;
  for (const auto& update : registry.updates)
    for (const Parameter& p : update.parameters) moments += 3 * double(p.tensor.nbytes());
  for (const auto& source : registry.sources) rows += double(source.source->batch_size());
  core::require_memory(moments + 2 * sizeof(float) * rows * outputs_of(registry),
                       "net: gradient and moments of its weights and a batch of its outputs");
}

void Build::finish() {
  if (purpose_ == Purpose::training) require_first_step(registry_);
  for (const auto& update : registry_.updates) {
    const auto add = [&](MetricSpec spec) {
      spec.name = registry_.update_metric(update.name, spec.name);
      if (!registry_.has_metric(spec.name)) registry_.metrics.push_back(spec);
    };
    for (const MetricSpec& term : update.terms) add(term);
    if (update.parameters.empty()) continue;
    add({"loss", "", "Weighted sum of the terms that was differentiated", Direction::minimize});
    add({"grad_norm", "", "Norm of the gradient before clipping"});
    add({"lr", "", "Learning rate of the step"});
  }
  const auto optimised = [](const Registry::Update& update) { return !update.parameters.empty(); };
  const auto& all = registry_.updates;
  if (!registry_.has_metric("train/loss") && std::any_of(all.begin(), all.end(), optimised))
    registry_.metrics.push_back(
        {"train/loss", "", "Mean loss over all updates of the step", Direction::minimize});
  // What no optimiser moves, such as a target network, has nothing to drop out or to gather statistics for.
  for (const Registry::Module& entry : registry_.modules)
    if (!entry.optimised) entry.module->eval();
}

}  // namespace training
