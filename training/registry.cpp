#include "training/registry.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"
#include "training/compat.h"
#include "training/learner.h"

namespace training {

std::string graded(Split split, const std::string& quantity) {
  return (split == Split::test ? "test/" : "valid/") + quantity;
}

std::vector<std::pair<std::string, torch::Tensor>> Registry::tensors() const {
  std::vector<std::pair<std::string, torch::Tensor>> all;
  for (const auto& [name, module] : modules) {
    for (const auto& item : module->named_parameters())
      all.emplace_back(name + "/" + item.key(), item.value());
    for (const auto& item : module->named_buffers()) all.emplace_back(name + "/" + item.key(), item.value());
  }
  return all;
}

void Registry::train(bool on) {
  for (const Module& entry : modules) entry.module->train(on);
}

bool Registry::has_metric(const std::string& name) const {
  return std::any_of(metrics.begin(), metrics.end(), [&](const auto& metric) { return metric.name == name; });
}

static bool is_of_test(const std::string& metric) { return metric.rfind("test/", 0) == 0; }

bool Registry::has_test() const {
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const auto& metric) { return is_of_test(metric.name); });
}

std::string Registry::update_metric(const std::string& update, const std::string& quantity) const {
  return updates.size() > 1 ? "train/" + update + "_" + quantity : "train/" + quantity;
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
    const bool embedding = item.value()->as<torch::nn::Embedding>() != nullptr;
    for (const auto& own : item.value()->named_parameters(false)) {
      const std::string path = item.key().empty() ? own.key() : item.key() + "." + own.key();
      const bool embeds = embedding || declared(own.value());
      all.push_back({prefix + "/" + path, own.value(), own.value().dim() > 1 && !embeds, embeds});
    }
  }
  return all;
}

void Build::optimizer(const std::string& name, const std::vector<torch::nn::Module*>& modules,
                      const std::vector<Quantity>& terms) {
  Registry::Update update{name, {}, {}};
  for (const torch::nn::Module* wanted : modules)
    for (const auto& entry : registry_.modules)
      if (entry.module == wanted)
        for (auto& parameter : parameters_of(entry.name, *wanted, registry_.embeddings))
          update.parameters.push_back(std::move(parameter));
  core::check(!update.parameters.empty(), "optimiser '{}' was given no parameters of a registered module",
              name);
  for (const Quantity& term : terms) update.terms.push_back({term.name, term.unit, term.sentence});
  registry_.updates.push_back(std::move(update));
}

void Build::embedding(const torch::Tensor& parameter) { registry_.embeddings.push_back(parameter); }

void Build::update(const std::string& name, const std::vector<Quantity>& terms) {
  Registry::Update update{name, {}, {}};
  for (const Quantity& term : terms) update.terms.push_back({term.name, term.unit, term.sentence});
  registry_.updates.push_back(std::move(update));
}

void Build::buffer(const std::string& name, torch::Tensor& tensor) {
  tensor = tensor.to(device_);
  registry_.buffers.emplace_back(name, tensor);
}

void Build::state(const std::string& name, std::function<void(core::Archive&)> archive) {
  registry_.states.push_back({"/buffers/" + name, std::move(archive)});
}

void Build::meaning(const std::string& name, std::function<void(core::Archive&)> archive) {
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

void Build::source(const std::string& name, Loader& loader) {
  registry_.sources.push_back({name, &loader});
  registry_.states.push_back({"/buffers/source_" + name, [&loader](core::Archive& a) { loader.state(a); }});
}

void Build::policy(Act act) { registry_.act = std::move(act); }

void Build::classifier(Classify classify) { registry_.classify = std::move(classify); }

void Build::metric(const Quantity& quantity) {
  registry_.metrics.push_back({quantity.name, quantity.unit, quantity.sentence});
}

void Build::grade(const Quantity& quantity) {
  metric(
      {graded(Split::valid, quantity.name), quantity.unit, quantity.sentence + ", of the validation part"});
  metric({graded(Split::test, quantity.name), quantity.unit,
          quantity.sentence + ", of the test part: once, when the run ends, by the weights of best.h5"});
}

void Build::score(const std::string& metric, int sign) {
  core::check(!is_of_test(metric), "score: nothing is chosen by the test part, found '{}'", metric);
  registry_.score = Registry::Score{metric, sign};
}

void Build::note(const std::string& line) { registry_.notes.push_back(line); }

void Build::finish() {
  for (const auto& update : registry_.updates) {
    const auto add = [&](const std::string& quantity, const std::string& unit, const std::string& sentence) {
      const std::string name = registry_.update_metric(update.name, quantity);
      if (!registry_.has_metric(name)) registry_.metrics.push_back({name, unit, sentence});
    };
    for (const core::Metric& term : update.terms) add(term.name, term.unit, term.sentence);
    if (update.parameters.empty()) continue;
    add("loss", "", "Weighted sum of the terms that was differentiated");
    add("grad_norm", "", "Norm of the gradient before clipping");
    add("lr", "", "Learning rate of the step");
  }
  const auto optimised = [](const Registry::Update& update) { return !update.parameters.empty(); };
  const auto& all = registry_.updates;
  if (!registry_.has_metric("train/loss") && std::any_of(all.begin(), all.end(), optimised))
    registry_.metrics.push_back({"train/loss", "", "Mean loss over all updates of the step"});
}

}  // namespace training
