// What a loss means: beside the loss of the first batch, before any update, that of one who knows nothing of
// its row.
#pragma once

#include "training/torch.h"

#include <map>
#include <optional>
#include <string>

#include "training/loop/learner.h"
#include "training/loop/session.h"

namespace training {

// The constant answer that has the least loss on the rows to learn from is where a net ends whose inputs are
// all zeros: Karpathy's input-independent baseline ("A Recipe for Training Neural Networks", 2019), without
// its training.
struct Baselines {
  std::optional<double> uniform;  // ln K nats, of K classes or symbols that are all as likely
  std::optional<double>
      constant;  // of the classes' shares: their entropy; of numbers the mean: their variance
  std::optional<double> majority;  // the share of rows of the most frequent class

  // Classes [M] or symbols [M, T], of which negative ones do not count.
  static Baselines of_classes(const torch::Tensor& targets, int64_t K);

  // Metrics start/loss, start/uniform, ...; `unit` of the loss.
  void register_metrics(Build& build, const std::string& unit) const;
  // Once, at the first step.
  void log(Step& step, double loss) const;
};

// "loss at the start 2.41 nats; equal chances for all have 2.303, ...", of what the first step has logged;
// empty where that is nothing.
std::string told_of_the_start(const Session& session);

}  // namespace training
