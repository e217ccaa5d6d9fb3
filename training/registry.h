// What a learner registered in build(): exactly what a checkpoint holds.
#pragma once

#include "training/torch.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/run_log.h"
#include "training/data/loader.h"
#include "training/learner.h"
#include "training/optimizer.h"

namespace training {

// "valid/accuracy" or "test/accuracy".
std::string graded(Split split, const std::string& quantity);

struct Registry {
  struct Module {
    std::string name;
    torch::nn::Module* module;
  };
  struct Update {
    std::string name;
    std::vector<Parameter> parameters;  // none: an update without an optimiser
    std::vector<core::Metric> terms;    // named by the term alone
  };
  struct Stream {
    std::string name;
    torch::Generator generator;
  };
  struct State {
    std::string path;  // "/buffers/replay", "/envs/train"
    std::function<void(core::Archive&)> archive;
    bool meaning = false;  // goes with the weights, and before them
  };
  struct Source {
    std::string name;
    Loader* loader;
  };
  struct Score {
    std::string metric;
    int sign = 1;
  };

  std::vector<Module> modules;
  std::vector<Update> updates;
  std::vector<torch::Tensor> embeddings;  // parameters that are such, beside those of torch::nn::Embedding
  std::vector<std::pair<std::string, torch::Tensor>> buffers;
  std::vector<Stream> streams;
  std::vector<State> states;
  std::vector<Source> sources;
  std::vector<core::Metric> metrics;
  std::optional<Score> score;
  Act act;                         // agents only
  Classify classify;               // classifiers only
  std::vector<std::string> notes;  // printed when a run begins

  // Parameters and buffers of all modules: "<module>/<name>".
  std::vector<std::pair<std::string, torch::Tensor>> tensors() const;
  void train(bool on);  // train or eval mode of every module
  bool has_metric(const std::string& name) const;
  bool has_test() const;  // anything under test/
  // "train/loss" with one optimiser, "train/critic_loss" with several.
  std::string update_metric(const std::string& update, const std::string& quantity) const;
};

}  // namespace training
