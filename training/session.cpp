#include "training/session.h"

#include "core/error.h"
#include "core/random.h"
#include "training/compat.h"
#include "training/trace.h"

namespace training {

static torch::Device device_of(const std::string& wanted) {
  const bool cuda = torch::cuda::is_available();
  core::check(wanted != "cuda" || cuda,
              "train.device: expected a CUDA device, found none (this LibTorch sees only the cpu)");
  return wanted == "cpu" || !cuda ? torch::kCPU : torch::kCUDA;
}

static void seed_default(uint64_t seed, const char* purpose) {
  torch::manual_seed(core::mix(seed, {core::Part(purpose)}));
}

Session::Session(Experiment given, const Entry& entry)
    : experiment(std::move(given)),
      budget(experiment.train.budget()),
      device(device_of(experiment.train.device)),
      learner_(experiment.blueprint.make()) {
  at::set_num_threads(static_cast<int>(experiment.train.threads));
  const auto seed = static_cast<uint64_t>(experiment.seed);
  Build build(registry, seed, device, budget);
  seed_default(seed, "init");
  learner_->build(build);
  build.finish();
  const std::string& watched = experiment.train.early_stop.metric;
  core::check(watched.rfind("test/", 0) != 0,
              "train.early_stop.metric: nothing is chosen by the test part, found '{}'; expected a metric of "
              "valid/ or eval/",
              watched);
  core::check(watched.empty() || registry.has_metric(watched),
              "train.early_stop.metric: {} has no metric '{}' (see: atelier describe {})", experiment.learner,
              watched, experiment.learner);
  if (experiment.train.overfit_batch)
    for (const auto& source : registry.sources) source.loader->overfit();
  updater = Updater(registry, experiment.optims(entry));
  seed_default(seed, "noise");
  registry.streams.push_back({"torch", default_generator()});
  registry.train(true);
}

void Session::step(const Report& report) {
  Step step(registry, updater, report, counters, progress());
  ++counters.step;
  learner_->step(step);
  core::check(!step.silent(), "learner '{}': step {} neither updated nor collected anything",
              experiment.learner, counters.step);
}

// Runs `look` with eval mode, no gradients, averaged weights and a generator of its own; then puts everything
// back.
template <class F>
void Session::aside(uint64_t seed, F&& look) {
  const torch::NoGradGuard no_grad;
  torch::Generator torch_stream = default_generator();
  const torch::Tensor held = torch_stream.get_state();
  torch_stream.set_current_seed(seed);
  registry.train(false);
  updater.swap_ema();
  look();
  updater.swap_ema();
  registry.train(true);
  torch_stream.set_state(held);
  clear_trace();
}

void Session::evaluate(const Eval::Request& request, const Report& report) {
  aside(core::mix(request.seed, {"evaluation_noise"}), [&] {
    Eval eval(request, report, make_generator(core::mix(request.seed, {"evaluation_actions"})));
    learner_->evaluate(eval);
  });
}

core::Gallery Session::sample(int64_t n, uint64_t seed, const core::Writing& writing) {
  core::Gallery gallery{.n = n, .writing = writing};
  aside(core::mix(seed, {"sample"}), [&] { learner_->sample(gallery); });
  return gallery;
}

uint64_t Session::evaluation_seed() const {
  // Room for 2^20 episodes above it, below 2^63.
  return core::mix(static_cast<uint64_t>(experiment.seed), {"evaluation", keeper.evaluations}) >> 1;
}

uint64_t Session::test_seed() const {
  return core::mix(static_cast<uint64_t>(experiment.seed), {"test"}) >> 1;
}

}  // namespace training
