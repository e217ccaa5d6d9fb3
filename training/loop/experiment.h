// An experiment file, read and checked: one schema for agents and models (docs/experiment-file.md).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/loop/optimizer.h"
#include "training/loop/table.h"
#include "training/loop/target.h"

namespace training {

struct EarlyStopOptions {
  std::string metric;
  int64_t patience = 0;
  double min_delta = 0;
  void fields(core::Fields& f);
};

// Which weights of another run this one begins with: `init_from: DIR`, or the map. A part is a module by its
// registered name ("encoder") or one within it ("net/conv_1"); "encoder -> net" goes by another name here.
struct InitFromOptions {
  std::string run;                         // its folder; empty: fresh weights
  std::vector<std::string> modules, skip;  // parts that are taken (none: all), and those of them that are not
  bool outputs = true;                     // their layers named "output" are taken, too
  bool freeze = false;

  core::TaggedSection tagged();
  bool partial() const { return !modules.empty() || !skip.empty() || !outputs; }
  std::string where;  // it stands in its file: "x.yaml:7:14: "
};

// How long, on what, from which weights.
struct TrainOptions {
  std::optional<double> steps, epochs, samples, env_steps, minutes;
  int64_t threads = 1;
  std::string device = "auto";
  bool overfit_batch = false;
  InitFromOptions init_from;
  EarlyStopOptions early_stop;

  void fields(core::Fields& f);
  core::Duration budget(
      const std::string& where = "") const;  // the one that is given; Error when none or several are
};

struct EvalOptions {
  core::Duration every{0, core::Unit::run};
  int64_t episodes = 20;
  void fields(core::Fields& f);
};

struct CheckpointOptions {
  core::Duration every{0, core::Unit::run};
  void fields(core::Fields& f);
};

struct LogOptions {
  core::Duration every{1, core::Unit::steps};
  int64_t layers = 0;
  double flush_s = 2;
  void fields(core::Fields& f);
};

struct RecordOptions {
  core::Duration every{0, core::Unit::run};
  int64_t n = 64;
  std::optional<int64_t> episodes;
  void fields(core::Fields& f);
};

struct Experiment {
  std::string name;
  int64_t seed = 0;
  std::string kind;       // "agent" or "model"
  std::string learner;    // its name in the table
  bool optimised = true;  // the learner has optimisers; without any there is no `optim` section
  OptimOptions optim;
  std::map<std::string, OptimOverride> overrides;  // of the learner's updates, when it has several
  TrainOptions train;
  EvalOptions eval;
  CheckpointOptions checkpoint;
  LogOptions log;
  RecordOptions record;
  TargetOptions target;
  Factory factory;

  void fields(core::Fields& f);
  std::map<std::string, OptimOptions> optims(const Entry& entry) const;
};

// The tables of all wings, handed in by the program that composes them.
struct Catalog {
  const core::Table<Entry>& agents;
  const core::Table<Entry>& models;
  const Entry& entry(const std::string& kind, const std::string& learner,
                     const std::string& where = "") const;
};

// A file's tree (after overrides) as an experiment; every key is checked. `stem` names it when `name` is
// missing.
Experiment read_experiment(const core::Value& root, const Catalog& catalog, const std::string& stem);
// The resolved config: every option with its value, as YAML that reads back to the same experiment.
std::string resolved(Experiment& experiment);
// "run" durations take the budget's unit; a duration of 0 in eval, checkpoint or record takes its default
// share.
core::Duration resolve(const core::Duration& duration, const core::Duration& budget, double default_share);

}  // namespace training
