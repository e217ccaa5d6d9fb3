#include "training/loop/session.h"

#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"
#include "core/shell.h"
#include "training/compat.h"
#include "training/loop/transfer.h"
#include "training/trace.h"

namespace training {

static torch::Device device_of(const std::string& wanted) {
  core::check(wanted != "cuda" || torch::cuda::is_available(),
              "train.device: expected a CUDA device, found none (this LibTorch sees only the cpu)");
  return wanted == "cuda" ? torch::kCUDA : torch::kCPU;
}

static void seed_default(uint64_t seed, const char* purpose) {
  torch::manual_seed(core::mix(seed, {core::Part(purpose)}));
}

// Whether an early stop can watch this metric, as far as is known before the first evaluation.
static void check_watched(const Registry& registry, const std::string& watched, const std::string& learner) {
  if (watched.empty()) return;
  core::check(watched.rfind("test/", 0) != 0,
              "train.early_stop.metric: nothing is chosen by the test part, found '{}'; expected a metric of "
              "valid/ or eval/",
              watched);
  const MetricSpec* spec = registry.metric(watched);
  core::check(spec, "train.early_stop.metric: {} has no metric '{}' (see: {} describe {})", learner, watched,
              core::program_name(), learner);
  core::check(spec->direction != Direction::none,
              "train.early_stop.metric: of '{}' neither more nor less is better (see: {} describe {})",
              watched, core::program_name(), learner);
  core::check(watched.rfind("train/", 0) != 0,
              "train.early_stop.metric: expected a metric of evaluate(), found '{}'", watched);
}

// Whether the learner's run moves the counter: one that stands still would never be reached.
static bool counts(const Registry& registry, core::Unit unit) {
  if (unit == core::Unit::env_steps) return registry.collects;
  if (unit == core::Unit::epochs || unit == core::Unit::samples) return !registry.sources.empty();
  return true;
}

static void check_units(const Registry& registry, const Experiment& e) {
  const core::Duration budget = e.train.budget();
  const auto check = [&](const std::string& key, core::Unit unit) {
    core::check(counts(registry, unit), "{}: {} counts no {}; expected steps, {} or minutes", key, e.learner,
                core::unit_name(unit), registry.collects ? "env_steps" : "epochs, samples");
  };
  check(fmt::format("train.{}", core::unit_name(budget.unit)), budget.unit);
  check("eval.every", e.eval.every.unit);
  check("checkpoint.every", e.checkpoint.every.unit);
  check("log.every", e.log.every.unit);
  check("record.every", e.record.every.unit);
}

static void overfit(const Registry& registry, const std::string& learner) {
  core::check(!registry.sources.empty(),
              "train.overfit_batch: {} gathers its own data, and has no batch to fit", learner);
  for (const auto& source : registry.sources) source.source->overfit();
}

// A rate that waits for plateaus waits for better scores.
static void check_plateaus(const Registry& registry, Updater& updater, const std::string& learner) {
  for (const auto& [name, group] : updater.groups())
    core::check(registry.score || group.optimizer.options().schedule.schedule != "plateau",
                "optim.schedule: plateau waits for a better score, and evaluations of {} give none", learner);
}

Session::Session(Experiment given, const Entry& entry, Purpose purpose, const Build::Saved& saved)
    : experiment(std::move(given)),
      budget(experiment.train.budget()),
      device(device_of(experiment.train.device)),
      learner_(experiment.factory.make()) {
  at::set_num_threads(static_cast<int>(experiment.train.threads));
  const auto seed = static_cast<uint64_t>(experiment.seed);
  const core::MemoryPlan all_parts;
  Build build(registry, seed, device, budget, purpose, saved);
  seed_default(seed, "init");
  learner_->build(build);
  build.finish();
  if (purpose == Purpose::training) check_units(registry, experiment);
  if (purpose == Purpose::training)
    check_watched(registry, experiment.train.early_stop.metric, experiment.learner);
  if (experiment.train.overfit_batch && purpose == Purpose::training) overfit(registry, experiment.learner);
  freeze(registry, experiment.train.init_from);
  updater = Updater(registry, experiment.optims(entry));
  if (purpose == Purpose::training) check_plateaus(registry, updater, experiment.learner);
  seed_default(seed, "noise");
  for (const auto& [name, generator] : default_generators(device))
    registry.streams.push_back({name, generator});
}

void Session::step(const Logger& logger) {
  Step step(registry, updater, logger, counters, progress());
  ++counters.step;
  learner_->step(step);
  core::check(!step.silent(), "learner '{}': step {} neither updated nor collected anything",
              experiment.learner, counters.step);
}

// Runs `look` with eval mode, no gradients, averaged weights and a generator of its own; then puts everything
// back.
template <class F>
void Session::in_eval_mode(uint64_t seed, F&& look) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> held;
  for (auto& [name, generator] : default_generators(device)) {
    held.push_back(generator.get_state());
    generator.set_current_seed(seed);
  }
  const Registry::Modes modes = registry.evaluate();
  updater.swap_ema();
  const auto put_back = [&] {
    updater.swap_ema();
    Registry::restore(modes);
    size_t k = 0;
    for (auto& [name, generator] : default_generators(device)) generator.set_state(held[k++]);
    clear_trace();
  };
  try {
    look();
  } catch (...) {  // a signal has cut it short: the checkpoint to come is of training alone
    put_back();
    throw;
  }
  put_back();
}

void Session::evaluate(const Eval::Request& request, const Logger& logger) {
  in_eval_mode(core::mix(request.seed, {"evaluation_noise"}), [&] {
    Eval eval(request, logger, make_generator(core::mix(request.seed, {"evaluation_actions"})));
    learner_->evaluate(eval);
  });
}

core::Gallery Session::sample(int64_t n, uint64_t seed, const core::Request& request) {
  core::Gallery gallery{.n = n, .request = request};
  in_eval_mode(core::mix(seed, {"sample"}), [&] { learner_->sample(gallery); });
  return gallery;
}

uint64_t Session::evaluation_seed() const {
  // Room for 2^20 episodes above it, below 2^63.
  return core::mix(static_cast<uint64_t>(experiment.seed), {"evaluation", trainer_state.evaluations}) >> 1;
}

uint64_t Session::test_seed() const {
  return core::mix(static_cast<uint64_t>(experiment.seed), {"test"}) >> 1;
}

}  // namespace training
