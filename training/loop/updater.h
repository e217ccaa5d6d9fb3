// The one road from a loss to new weights: finite check, gradient norm, clip, optimiser step, schedule, EMA,
// logging.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "training/loop/learner.h"
#include "training/loop/registry.h"

namespace training {

class Updater {
 public:
  struct MovingAverage {  // the average of one parameter, or of a buffer such as batch norm's statistics
    std::string name;
    torch::Tensor tensor, average;
  };
  struct ParameterGroup {  // of one optimiser
    Optimizer optimizer;
    int64_t accumulated = 0;  // updates whose gradients wait for the optimiser's step
    std::vector<MovingAverage> ema;
    int64_t averaged = 0;  // weights in the plain mean since optim.swa_start
    Plateau plateau;
    std::optional<double> held_rate;  // in place of the schedule's: for the learning-rate range test
  };

  Updater() = default;
  // One group per registered update that has parameters, with its options.
  Updater(const Registry& registry, const std::map<std::string, OptimOptions>& options);

  std::map<std::string, ParameterGroup>& groups() { return groups_; }
  // Differentiates, checks, steps; counts optimiser steps in `counters`. Error(failed) before any weight
  // changes when something is not finite.
  Updated update(const Registry& registry, const std::string& name, const Terms& terms, double progress,
                 Counters& counters, const Logger& logger);
  // The same from gradients that are already there; leaves them zero.
  Updated apply_gradients(const Registry& registry, const std::string& name, const ScalarTerms& terms,
                          double progress, Counters& counters, const Logger& logger);
  // Logs and counts an update that needed no optimiser.
  void updated(const Registry& registry, const std::string& name, const ScalarTerms& terms,
               Counters& counters, const Logger& logger);
  // An evaluation gave this score, the more the better: schedules that wait for plateaus see it.
  void scored(double score);
  // Exchanges weights and their averages (twice: back again).
  void swap_ema();

 private:
  ParameterGroup& group(const std::string& name);

  std::map<std::string, ParameterGroup> groups_;
};

}  // namespace training
