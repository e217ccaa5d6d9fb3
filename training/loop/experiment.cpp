#include "training/loop/experiment.h"

#include "core/error.h"
#include "core/shown.h"

namespace training {

void EarlyStopOptions::fields(core::Fields& f) {
  f.add(
      "metric", metric,
      "Metric of evaluate() to watch, e.g. valid/loss, whichever way is better for it; empty: the score that "
      "chooses best.h5");
  f.add("patience", patience, "Evaluations without improvement before the run ends; 0: never",
        {.min = 0, .unit = "evaluations"});
  f.add("min_delta", min_delta, "Smaller changes are no improvement", {.min = 0});
}

core::TaggedSection InitFromOptions::tagged() {
  const auto choose = [this](const std::string& folder, const std::string& source) {
    run = folder;
    where = source;
  };
  const auto fields = [this](core::Fields& f) {
    f.add(
        "modules", modules,
        "Parts that are taken: a module (encoder), one within it (net/conv_1), or `encoder -> net` where it "
        "has another name here; []: all, which must fit");
    f.add("skip", skip, "Parts of these that begin fresh, such as net/fc.output for other classes");
    f.add("outputs", outputs,
          "false: output layers begin fresh, heads for other classes or actions; net.run says so");
    f.add("freeze", freeze,
          "What is taken learns no more: in eval mode, without gradient and optimiser state");
  };
  return {"run", &run, choose, fields, /*path=*/true};
}

void TrainOptions::fields(core::Fields& f) {
  f.add("steps", steps, "Budget in learner steps (give exactly one of the five budgets)",
        {.min = 0, .above = true});
  f.add("epochs", epochs, "Budget in passes over the training data", {.min = 0, .above = true});
  f.add("samples", samples, "Budget in data rows", {.min = 0, .above = true});
  f.add("env_steps", env_steps, "Budget in environment transitions", {.min = 0, .above = true});
  f.add("minutes", minutes, "Budget in wall-clock time (not repeatable bit for bit)",
        {.min = 0, .above = true, .unit = "min"});
  f.add("threads", threads, "Threads of tensor operations; 1 is fastest for small nets",
        {.min = 1, .max = 1024});
  f.choice("device", device, "Where tensors live; auto: the cpu, until cuda is tested",
           {"auto", "cpu", "cuda"});
  f.add("overfit_batch", overfit_batch, "Learn one batch only: a learner that cannot is broken");
  f.tagged("init_from", init_from.tagged(),
           "Run folder whose best weights this run starts from: DIR, or {run: DIR, ...} for parts of them");
  f.section("early_stop", early_stop, "Ends a run that no longer improves");
}

core::Duration TrainOptions::budget(const std::string& where) const {
  core::Duration budget;
  int given = 0;
  const auto take = [&](const std::optional<double>& amount, core::Unit unit) {
    if (amount) {
      budget = {*amount, unit};
      ++given;
    }
  };
  take(steps, core::Unit::steps);
  take(epochs, core::Unit::epochs);
  take(samples, core::Unit::samples);
  take(env_steps, core::Unit::env_steps);
  take(minutes, core::Unit::minutes);
  core::check(given == 1,
              "{}train: expected exactly one budget (steps, epochs, samples, env_steps or minutes), found {}",
              where, given);
  return budget;
}

void EvalOptions::fields(core::Fields& f) {
  f.add("every", every, "Time between evaluations; 0: ten per run", {.min = 0});
  f.add("episodes", episodes, "Agents: episodes of each policy (greedy, sampled)", {.min = 1, .max = 1e6});
}

void CheckpointOptions::fields(core::Fields& f) {
  f.add("every", every, "Time between writings of last.h5; 0: ten per run", {.min = 0});
}

void LogOptions::fields(core::Fields& f) {
  f.add("every", every,
        "Time between rows in /metrics, each the mean (of counts: the sum) since the row before; 0: ten per "
        "run",
        {.min = 0});
  f.add(
      "layers", layers,
      "Steps from one look at every layer's outputs and gradients to the next: mean, deviation, zeros, dead "
      "units, histogram; 0: never",
      {.min = 0, .max = 1e15, .unit = "steps"});
  f.add("flush_s", flush_s, "Seconds between writings of the log to the disk",
        {.min = 0, .max = 3600, .unit = "s"});
}

void RecordOptions::fields(core::Fields& f) {
  f.add("every", every,
        "Models: time between pictures; agents: between recorded episodes; 0: at each evaluation",
        {.min = 0});
  f.add("n", n, "Models: samples in a picture", {.min = 1, .max = 4096});
  f.add("episodes", episodes,
        "Agents: episodes that episodes.h5 keeps of each evaluation and policy (null: all), or greedy ones "
        "each `every` (null: 1)",
        {.min = 0});
}

void Experiment::fields(core::Fields& f) {
  f.add("name", name, "Name of the run folder; default: the file's name");
  f.add("seed", seed, "Seed of every random stream", {.min = 0, .max = 9223372036854775807.0});
  f.add(kind, learner, "The learner, by its name in `atelier list " + kind + "s`");
  if (factory.fields) factory.fields(f);
  if (optimised)
    f.list_section(
        "optim",
        [this](core::Fields& inner) {
          optim.fields(inner);
          for (auto& [update, override_] : overrides)
            inner.section(update, override_, "What differs for the update '" + update + "'");
        },
        "Optimiser, learning rate, clipping, averaging");
  f.section("train", train, "Budget, threads, device");
  f.section("eval", eval, "Evaluation during the run");
  f.section("checkpoint", checkpoint, "last.h5 and best.h5");
  f.section("log", log, "Metrics in run.h5");
  f.section("record", record, "Pictures and episodes");
  f.section("target", target, "What the experiment is meant to reach (see: atelier results)");
}

std::map<std::string, OptimOptions> Experiment::optims(const Entry& entry) const {
  std::map<std::string, OptimOptions> all;
  for (const auto& update : entry.updates) {
    const auto found = overrides.find(update);
    all[update] = found == overrides.end() ? optim : found->second.over(optim);
  }
  return all;
}

const Entry& Catalog::entry(const std::string& kind, const std::string& learner,
                            const std::string& where) const {
  return kind == "agent" ? agents.at(learner, where) : models.at(learner, where);
}

static std::pair<std::string, const core::Value*> learner_key(const core::Value& root) {
  const core::Value* agent = root.find("agent");
  const core::Value* model = root.find("model");
  const std::string where = root.source.str();
  core::check(agent || model, "{}expected `agent: NAME` or `model: NAME` (see: atelier list)", where);
  core::check(!(agent && model), "{}expected `agent` or `model`, found both",
              agent ? agent->source.str() : where);
  const core::Value* value = agent ? agent : model;
  core::check(value->kind == core::Value::Kind::scalar, "{}{}: expected a name, found {}",
              value->source.str(), agent ? "agent" : "model", value->kind_name());
  return {agent ? "agent" : "model", value};
}

static core::Value at_length(const core::Value& root, const Factory& factory) {
  core::Fields learner;
  if (factory.fields) factory.fields(learner);
  return with_net_of_run(root, learner);
}

Experiment read_experiment(const core::Value& given, const Catalog& catalog, const std::string& stem) {
  Experiment e;
  e.name = stem;
  const auto [kind, learner] = learner_key(given);
  const Entry& entry = catalog.entry(kind, learner->scalar, learner->source.str());
  e.kind = kind;
  e.factory = entry.factory();
  const core::Value root = at_length(given, e.factory);
  e.optimised = !entry.updates.empty();
  if (entry.updates.size() > 1)
    for (const auto& update : entry.updates) e.overrides[update];
  core::read_options(e, root);
  constexpr size_t longest = 200;  // bytes: file systems take 255
  const bool plain = e.name.find('/') == std::string::npos && !e.name.empty() && e.name[0] != '.' &&
                     e.name.size() <= longest && !core::unprintable(e.name);
  const core::Value* named = root.find("name");
  core::check(plain, "{}name: expected a plain folder name of at most {} bytes, found '{}'",
              named ? named->source.str() : "", longest, core::shown_start(e.name));
  const core::Value* train = root.find("train");
  e.train.budget((train ? train : &root)->source.str());
  const core::Value* target = root.find("target");
  e.target.targets((target ? target : &root)->source.str());
  return e;
}

std::string resolved(Experiment& experiment) { return core::to_yaml(core::write_options(experiment)); }

core::Duration resolve(const core::Duration& duration, const core::Duration& budget, double default_share) {
  if (duration.amount <= 0) return {budget.amount * default_share, budget.unit};
  return duration.unit == core::Unit::run ? core::Duration{duration.amount, budget.unit} : duration;
}

}  // namespace training
