#include "training/loop/optim_options.h"

#include <vector>

namespace training {

static std::vector<std::string> algorithms(std::vector<std::string> before = {}) {
  for (const char* name : {"adadelta", "adagrad", "adam", "adamw", "lion", "muon", "rmsprop", "sgd"})
    before.emplace_back(name);
  return before;
}

void OptimOptions::fields(core::Fields& f) {
  f.choice("algorithm", algorithm, "Optimiser", algorithms());
  f.add("lr", lr, "Learning rate before the schedule's factor", {.min = 0, .max = 1e3});
  f.add("momentum", momentum, "sgd, muon: share of the last direction that is kept; 0.95 is usual with muon",
        {.min = 0, .max = 1});
  f.add("nesterov", nesterov, "sgd, muon: look ahead along the momentum");
  f.add("beta1", beta1, "adam, adamw, lion: decay of the gradient's mean", {.min = 0, .max = 1});
  f.add("beta2", beta2,
        "adam, adamw: decay of the gradient's square; lion: of the mean that is kept, 0.99 in its paper",
        {.min = 0, .max = 1});
  f.add("alpha", alpha, "rmsprop, adadelta: decay of the gradient's square", {.min = 0, .max = 1});
  f.add(
      "eps", eps,
      "Added to the denominator of adam, adamw, rmsprop and adagrad, and to adadelta's squares, 1e-6 in its "
      "paper",
      {.min = 0, .max = 1});
  f.add("weight_decay", weight_decay,
        "L2 pull to 0 (adamw, lion, muon: decoupled); biases, norms and embeddings are spared",
        {.min = 0, .max = 1});
  f.add("l1", l1, "L1 pull to 0, added to the gradient; biases, norms and embeddings are spared",
        {.min = 0, .max = 1});
  f.add("decay_embeddings", decay_embeddings, "Weight decay and l1 pull embeddings, too");
  f.add("clip_norm", clip_norm, "Largest gradient norm, after clip_value; 0: no limit", {.min = 0});
  f.add("clip_value", clip_value, "Largest magnitude of a gradient element; 0: no limit", {.min = 0});
  f.add("accumulate", accumulate, "Updates whose gradients are averaged into one optimiser step",
        {.min = 1, .max = 1e6});
  f.add("ema_decay", ema_decay,
        "Moving average of the weights that evaluation and samples use, the plain mean of all so far until "
        "that is the longer memory; 0: none",
        {.min = 0, .max = 0.99999});
  f.add("swa_start", swa_start,
        "From here on evaluation and samples use the plain mean of all weights since (Izmailov et al. 2018), "
        "and of batch norm's statistics; 1: none",
        {.min = 0, .max = 1, .unit = "share of budget"});
  schedule.fields(f);
}

void OptimOverride::fields(core::Fields& f) {
  f.choice("algorithm", algorithm, "Optimiser; optim: as there", algorithms({"optim"}));
  f.add("lr", lr, "Learning rate; null: as in optim", {.min = 0, .max = 1e3});
  f.add("momentum", momentum, "sgd, muon: share of the last direction; null: as in optim",
        {.min = 0, .max = 1});
  f.add("beta1", beta1, "Decay of the gradient's mean; null: as in optim", {.min = 0, .max = 1});
  f.add("beta2", beta2, "Decay of the gradient's square; null: as in optim", {.min = 0, .max = 1});
  f.add("alpha", alpha, "rmsprop, adadelta: decay of the gradient's square; null: as in optim",
        {.min = 0, .max = 1});
  f.add("eps", eps, "Added to the denominator; null: as in optim", {.min = 0, .max = 1});
  f.add("weight_decay", weight_decay, "Weight decay; null: as in optim", {.min = 0, .max = 1});
  f.add("l1", l1, "L1 pull to 0; null: as in optim", {.min = 0, .max = 1});
  f.add("clip_norm", clip_norm, "Largest gradient norm; null: as in optim", {.min = 0});
  f.add("clip_value", clip_value, "Largest magnitude of a gradient element; null: as in optim", {.min = 0});
  f.add("accumulate", accumulate, "Updates averaged into one step; null: as in optim",
        {.min = 1, .max = 1e6});
  f.add("ema_decay", ema_decay, "Moving average of the weights; null: as in optim",
        {.min = 0, .max = 0.99999});
  f.add("swa_start", swa_start, "Where the plain mean of the weights begins; null: as in optim",
        {.min = 0, .max = 1, .unit = "share of budget"});
  f.choice("schedule", schedule, "Course of the learning rate; optim: as there", schedules({"optim"}));
  f.add("warmup", warmup, "Share of the budget over which the rate rises; null: as in optim",
        {.min = 0, .max = 1, .unit = "share of budget"});
  f.add("lr_end", lr_end, "Rate at the end; null: as in optim", {.min = 0, .max = 1, .unit = "share of lr"});
}

OptimOptions OptimOverride::over(OptimOptions base) const {
  const auto take = [](const auto& own, auto& value) { value = own.value_or(value); };
  const auto choose = [](const std::string& own, std::string& value) {
    if (own != "optim") value = own;
  };
  choose(algorithm, base.algorithm);
  choose(schedule, base.schedule.schedule);
  take(lr, base.lr);
  take(momentum, base.momentum);
  take(beta1, base.beta1);
  take(beta2, base.beta2);
  take(alpha, base.alpha);
  take(eps, base.eps);
  take(weight_decay, base.weight_decay);
  take(l1, base.l1);
  take(clip_norm, base.clip_norm);
  take(clip_value, base.clip_value);
  take(accumulate, base.accumulate);
  take(ema_decay, base.ema_decay);
  take(swa_start, base.swa_start);
  take(warmup, base.schedule.warmup);
  take(lr_end, base.schedule.lr_end);
  return base;
}

}  // namespace training
