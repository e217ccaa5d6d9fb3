#include "training/loop/updater.h"

#include <cmath>

#include "core/error.h"
#include "training/loop/layer_statistics.h"
#include "training/nets/kernels.h"
#include "training/profile.h"
#include "training/trace.h"

namespace training {

Updater::Updater(const Registry& registry, const std::map<std::string, OptimOptions>& options) {
  for (const auto& update : registry.updates) {
    if (update.parameters.empty()) continue;
    ParameterGroup& group = groups_[update.name];
    core::check(options.contains(update.name),
                "build() registers the optimiser '{}', which the learner's line in its table does not name "
                "(updates)",
                update.name);
    group.optimizer = Optimizer(options.at(update.name), update.parameters);
    const OptimOptions& o = group.optimizer.options();
    core::check(o.ema_decay == 0 || o.swa_start == 1,
                "optim: of ema_decay and swa_start one alone says what is averaged, found {} and {}",
                o.ema_decay, o.swa_start);
    if (!o.averages()) continue;
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
      group.ema.push_back({name, tensor, tensor.detach().clone()});
    };
    for (const Parameter& p : update.parameters) add(p.name, p.tensor);
    for (const auto& [name, tensor] : update.statistics) add(name, tensor);
  }
}

static bool finite(const torch::Tensor& t) { return std::isfinite(t.detach().sum().item<double>()); }

// The first thing that is not finite, in the order in which it was computed: parameter, input, layer output
// or gradient.
static std::string culprit(const Updater::ParameterGroup& group) {
  for (const Parameter& p : group.optimizer.parameters())
    if (!torch::isfinite(p.tensor).all().item<bool>()) return "parameter " + p.name;
  if (const std::string noted = first_non_finite(); !noted.empty()) return noted;
  for (const Parameter& p : group.optimizer.parameters())
    if (const torch::Tensor& g = p.tensor.grad(); g.defined() && !torch::isfinite(g).all().item<bool>())
      return "the gradient of " + p.name;
  return "";
}

[[noreturn]] static void not_finite(const Updater::ParameterGroup& group, const std::string& update,
                                    const std::string& what, const Counters& counters) {
  const std::string first = culprit(group);
  throw core::Error(fmt::format("step {}: update '{}': {} is not finite{}", counters.step, update, what,
                                first.empty() ? "" : "; the first non-finite tensor is " + first),
                    core::Exit::failed);
}

static void check_terms(const Updater::ParameterGroup& group, const std::string& update, const Terms& terms,
                        const Counters& counters) {
  for (const Term& term : terms)
    if (!finite(term.value)) not_finite(group, update, "term '" + term.name + "'", counters);
}

static torch::Tensor weighted_sum(const Terms& terms) {
  torch::Tensor total;
  for (const Term& term : terms) {
    const torch::Tensor part = term.weight == 1 ? term.value : term.value * term.weight;
    total = total.defined() ? total + part : part;
  }
  return total;
}

// In double, where floats would overflow: finite exactly when every element is.
static double sum_of_squares(const torch::Tensor& gradient) {
  const bool native = gradient.is_cpu() && gradient.scalar_type() == torch::kFloat32 &&
                      gradient.is_non_overlapping_and_dense();
  if (native) return kernels::sum_of_squares(gradient.data_ptr<float>(), gradient.numel());
  return std::pow(gradient.norm(2, torch::kFloat64).item<double>(), 2);
}

static double gradient_norm(const Updater::ParameterGroup& group) {
  double square = 0;
  for (const Parameter& p : group.optimizer.parameters())
    if (const torch::Tensor& g = p.tensor.grad(); g.defined()) square += sum_of_squares(g);
  return std::sqrt(square);
}

static void scale_gradients(const Updater::ParameterGroup& group, double factor) {
  for (const Parameter& p : group.optimizer.parameters())
    if (torch::Tensor g = p.tensor.grad(); g.defined()) g.mul_(factor);
}

// First the elements, then the norm of what is left of them.
static void clip(const Updater::ParameterGroup& group, double norm) {
  const OptimOptions& o = group.optimizer.options();
  if (o.clip_value > 0) {
    for (const Parameter& p : group.optimizer.parameters())
      if (torch::Tensor g = p.tensor.grad(); g.defined()) g.clamp_(-o.clip_value, o.clip_value);
    if (o.clip_norm > 0) norm = gradient_norm(group);
  }
  if (o.clip_norm > 0 && norm > o.clip_norm) scale_gradients(group, o.clip_norm / (norm + 1e-6));
}

// How much of the average stays. Until the decay's own memory is the shorter one, the plain mean of all
// weights so far, the first ones included: min(decay, 1 - 1 / (n + 1)), as in the code of Tarvainen & Valpola
// 2017. Of weights since optim.swa_start the plain mean, and before it those of this step (Izmailov et al.
// 2018).
static double kept_share(Updater::ParameterGroup& group, double progress) {
  const OptimOptions& o = group.optimizer.options();
  const auto steps = static_cast<double>(group.optimizer.steps());
  if (o.ema_decay > 0) return std::min(o.ema_decay, steps / (steps + 1));
  if (progress < o.swa_start) group.averaged = -1;
  const auto before = static_cast<double>(group.averaged++);
  return before < 0 ? 0 : before / (before + 1);
}

static void average(Updater::ParameterGroup& group, double progress) {
  if (group.ema.empty()) return;
  const double keep = kept_share(group, progress);
  for (Updater::MovingAverage& m : group.ema) m.average.mul_(keep).add_(m.tensor.detach(), 1 - keep);
}

static double learning_rate(const Updater::ParameterGroup& group, double progress) {
  const OptimOptions& o = group.optimizer.options();
  return group.held_rate.value_or(o.lr * schedule_factor(o.schedule, progress) * group.plateau.factor);
}

Updater::ParameterGroup& Updater::group(const std::string& name) {
  const auto found = groups_.find(name);
  core::check(found != groups_.end(), "update '{}' was not registered as an optimiser in build()", name);
  return found->second;
}

// Logs the weighted terms and their sum, which it returns.
static double log_terms(const Registry& registry, const std::string& name, const ScalarTerms& terms,
                        const Logger& logger) {
  const Timed timed(Part::logging);
  double total = 0;
  for (const ScalarTerm& term : terms) {
    logger.value(registry.update_metric(name, term.name), term.weight * term.value);
    total += term.weight * term.value;
  }
  logger.value(registry.update_metric(name, "loss"), total);
  if (registry.updates.size() > 1) logger.value("train/loss", total);
  return total;
}

// One optimiser step with gradients that were found finite; `norm`: theirs, before clipping.
static void take_step(const Registry& registry, const std::string& name, Updater::ParameterGroup& group,
                      double norm, double progress, Counters& counters, const Logger& logger) {
  group.accumulated = 0;
  clip(group, norm);
  const double lr = learning_rate(group, progress);
  group.optimizer.step(lr);
  average(group, progress);
  ++counters.updates[name];
  logger.value(registry.update_metric(name, "grad_norm"), norm);
  logger.value(registry.update_metric(name, "lr"), lr);
}

// Where the gradients are whole: what they and the layers are like.
static void tell_layers(const std::string& name, const Updater::ParameterGroup& group, const Logger& logger) {
  if (!logger.layers || group.accumulated < group.optimizer.options().accumulate) return;
  logger.layers(name, [&group] { return look_at_layers(group.optimizer.parameters(), traced()); });
}

Updated Updater::update(const Registry& registry, const std::string& name, const Terms& terms,
                        double progress, Counters& counters, const Logger& logger) {
  ParameterGroup& group = this->group(name);

  // Look before any gradient is taken; in anomaly mode differentiate first, since it is autograd that names
  // the operator.
  const bool anomaly = torch::autograd::AnomalyMode::is_enabled();
  if (!anomaly) check_terms(group, name, terms, counters);
  const torch::Tensor loss = weighted_sum(terms);
  if (group.accumulated == 0) group.optimizer.zero_grad();
  const double share = 1.0 / static_cast<double>(group.optimizer.options().accumulate);
  {
    const Timed timed(Part::backward);
    (share == 1 ? loss : loss * share).backward();
  }
  ++group.accumulated;

  // Look again before any weight changes.
  const torch::NoGradGuard no_grad;
  const Timed timed(Part::optimizer);
  if (anomaly) check_terms(group, name, terms, counters);
  const double norm = gradient_norm(group);
  if (!std::isfinite(norm)) not_finite(group, name, "gradient", counters);
  ScalarTerms values;
  for (const Term& term : terms) values.push_back({term.name, term.value.item<double>(), term.weight});
  const double total = log_terms(registry, name, values, logger);
  tell_layers(name, group, logger);
  clear_trace();
  if (group.accumulated < group.optimizer.options().accumulate) return {.loss = total};
  take_step(registry, name, group, norm, progress, counters, logger);
  return {total, norm, counters.updates.at(name)};
}

Updated Updater::apply_gradients(const Registry& registry, const std::string& name, const ScalarTerms& terms,
                                 double progress, Counters& counters, const Logger& logger) {
  const torch::NoGradGuard no_grad;
  const Timed timed(Part::optimizer);
  ParameterGroup& group = this->group(name);
  ++group.accumulated;
  for (const ScalarTerm& term : terms)
    if (!std::isfinite(term.value)) not_finite(group, name, "term '" + term.name + "'", counters);
  const double sum = gradient_norm(group);  // over what has been accumulated
  if (!std::isfinite(sum)) not_finite(group, name, "gradient", counters);
  const double total = log_terms(registry, name, terms, logger);
  const int64_t wanted = group.optimizer.options().accumulate;
  if (group.accumulated < wanted) return {.loss = total};
  tell_layers(name, group, logger);
  const double share = 1.0 / static_cast<double>(wanted);
  if (wanted > 1) scale_gradients(group, share);
  take_step(registry, name, group, sum * share, progress, counters, logger);
  group.optimizer.zero_grad();
  return {total, sum * share, counters.updates.at(name)};
}

void Updater::updated(const Registry& registry, const std::string& name, const ScalarTerms& terms,
                      Counters& counters, const Logger& logger) {
  for (const ScalarTerm& term : terms)
    if (!std::isfinite(term.value))
      throw core::Error(
          fmt::format("step {}: update '{}': term '{}' is not finite", counters.step, name, term.name),
          core::Exit::failed);
  for (const ScalarTerm& term : terms)
    logger.value(registry.update_metric(name, term.name), term.weight * term.value);
  ++counters.updates[name];
}

void Updater::scored(double score) {
  for (auto& [name, group] : groups_)
    if (const ScheduleOptions& schedule = group.optimizer.options().schedule; schedule.schedule == "plateau")
      group.plateau.see(score, schedule);
}

void Updater::swap_ema() {
  const torch::NoGradGuard no_grad;
  for (auto& [name, group] : groups_)
    for (MovingAverage& m : group.ema) {
      const torch::Tensor held = m.tensor.detach().clone();
      m.tensor.copy_(m.average);
      m.average.copy_(held);
    }
}

}  // namespace training
