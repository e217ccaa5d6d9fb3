// What an experiment says of an optimiser: `optim`, and `optim.<name>` of one of several.
#pragma once

#include <optional>
#include <string>

#include "core/options.h"
#include "training/loop/schedule.h"

namespace training {

struct OptimOptions {
  std::string algorithm = "adam";
  double lr = 1e-3;
  double momentum = 0;
  bool nesterov = false;
  double beta1 = 0.9, beta2 = 0.999;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double l1 = 0;
  bool decay_embeddings = false;
  double clip_norm = 0, clip_value = 0;
  int64_t accumulate = 1;
  double ema_decay = 0;
  double swa_start = 1;
  ScheduleOptions schedule;

  bool averages() const { return ema_decay > 0 || swa_start < 1; }

  void fields(core::Fields& f);
};

// `optim.<name>` of one of several optimisers: what differs from `optim`.
struct OptimOverride {
  std::string algorithm = "optim", schedule = "optim";  // as there
  std::optional<double> lr, momentum, weight_decay, l1, beta1, beta2, alpha, eps, clip_norm, clip_value,
      ema_decay, swa_start;
  std::optional<double> warmup, lr_end;
  std::optional<int64_t> accumulate;

  void fields(core::Fields& f);
  OptimOptions over(OptimOptions base) const;
};

}  // namespace training
