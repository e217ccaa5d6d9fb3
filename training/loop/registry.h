// What a learner registered in build(): exactly what a checkpoint holds.
#pragma once

#include "training/torch.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.h"
#include "training/data/source.h"
#include "training/loop/learner.h"
#include "training/loop/optimizer.h"

namespace training {

// "valid/accuracy" or "test/accuracy".
std::string split_metric_name(Split split, const std::string& spec);

struct Registry {
  using Named = std::vector<std::pair<std::string, torch::Tensor>>;
  struct Module {
    std::string name;
    torch::nn::Module* module;
    bool optimised = false;  // by one of the updates
  };
  struct Update {
    std::string name;
    std::vector<Parameter> parameters;  // none: an update without an optimiser
    Named statistics;                   // of its modules: floating-point buffers, such as batch norm's
    std::vector<MetricSpec> terms;      // named by the term alone
  };
  struct Stream {
    std::string name;
    torch::Generator generator;
  };
  struct State {
    std::string path;  // "/buffers/replay", "/envs/train"
    std::function<void(core::Archive&)> archive;
    bool for_inference = false;  // goes with the weights, and before them
  };
  struct NamedSource {
    std::string name;
    Source* source;
  };
  struct Score {
    std::string metric;
    int sign = 1;  // +1 the more the better, -1 the less
  };
  using Modes = std::vector<std::pair<torch::nn::Module*, bool>>;  // whether each is in training mode

  std::vector<Module> modules;
  std::vector<Update> updates;
  std::vector<torch::Tensor> counts;      // of how often something was
  std::vector<torch::Tensor> embeddings;  // parameters that are such, beside those of torch::nn::Embedding
  Named buffers;
  std::vector<Stream> streams;
  std::vector<State> states;
  std::vector<NamedSource> sources;
  bool collects = false;  // Step::collected() is told of transitions
  std::vector<MetricSpec> metrics;
  std::optional<Score> score;
  Policy act;                                          // agents only
  Classifier classify;                                 // classifiers only
  std::vector<std::pair<std::string, int64_t>> facts;  // by name: attributes of run.h5
  std::vector<std::string> notes;                      // printed when a run begins

  // Parameters and buffers of all modules: "<module>/<name>".
  Named tensors() const;
  // Puts every module and its parts into eval mode; returns what they were in, for restore().
  Modes evaluate() const;
  static void restore(const Modes& modes);
  const MetricSpec* metric(const std::string& name) const;  // null when absent
  bool has_metric(const std::string& name) const { return metric(name) != nullptr; }
  bool has_test() const;  // anything under test/
  // "train/loss" with one optimiser, "train/critic_loss" with several.
  std::string update_metric(const std::string& update, const std::string& spec) const;
};

}  // namespace training
