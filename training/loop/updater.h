// The one road from a loss to new weights: finite check, gradient norm, clip, optimiser step, schedule, EMA,
// logging.
#pragma once

#include <map>
#include <string>

#include "training/loop/learner.h"
#include "training/loop/registry.h"

namespace training {

class Updater {
 public:
  struct Moving {  // the average of one parameter, or of a buffer such as batch norm's statistics
    std::string name;
    torch::Tensor tensor, average;
  };
  struct Lane {  // one optimiser
    Optimizer optimizer;
    int64_t accumulated = 0;  // updates whose gradients wait for the optimiser's step
    std::vector<Moving> ema;
  };

  Updater() = default;
  // One lane per registered update that has parameters, with its options.
  Updater(const Registry& registry, const std::map<std::string, OptimOptions>& options);

  std::map<std::string, Lane>& lanes() { return lanes_; }
  // Differentiates, checks, steps; counts optimiser steps in `counters`. Error(failed) before any weight
  // changes when something is not finite.
  Updated update(const Registry& registry, const std::string& name, const Terms& terms, double progress,
                 Counters& counters, const Report& report);
  // The same from gradients that are already there; leaves them zero.
  Updated descend(const Registry& registry, const std::string& name, const Values& terms, double progress,
                  Counters& counters, const Report& report);
  // Logs and counts an update that needed no optimiser.
  void updated(const Registry& registry, const std::string& name, const Values& terms, Counters& counters,
               const Report& report);
  // Exchanges weights and their averages (twice: back again).
  void swap_ema();

 private:
  Lane& lane(const std::string& name);

  std::map<std::string, Lane> lanes_;
};

}  // namespace training
