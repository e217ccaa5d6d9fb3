// The second seam: anything that can be trained. The trainer owns the loop and everything that all learners
// share; a learner reads top to bottom like its paper.
#pragma once

#include "training/torch.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/episodes.h"
#include "core/picture.h"
#include "training/data/source.h"
#include "training/loop/progress.h"

namespace training {

struct Registry;  // what build() registered: training/loop/registry.h
class Updater;

struct LayerLook;  // training/loop/layer_statistics.h
using LookAtLayers = std::function<LayerLook()>;

// Where values and episodes go: the trainer's log, a table on the terminal, a test. `episode` may be empty;
// it is told of so many episodes of each policy at most.
struct Logger {
  std::function<void(const std::string& metric, double value)> value;
  std::function<void(const core::EpisodeFormat& format, core::Episode& episode)> episode;
  int64_t episodes = std::numeric_limits<int64_t>::max();
  // The standard deviation, over the episodes, of what `value` is the mean of; may be empty.
  std::function<void(const std::string& metric, double deviation)> deviation = {};
  // Told of each optimiser step before its gradients are clipped, with a way to look at every layer; mostly
  // empty.
  std::function<void(const std::string& update, const LookAtLayers& look)> layers = {};
};

// One weighted part of a loss: a scalar tensor. Weighted terms are summed, logged and named when they are not
// finite.
struct Term {
  std::string name;
  torch::Tensor value;  // []
  double weight = 1;
};
using Terms = std::vector<Term>;

// The same as plain numbers, where a gradient is already there or none is needed.
struct ScalarTerm {
  std::string name;
  double value = 0;
  double weight = 1;
};
using ScalarTerms = std::vector<ScalarTerm>;

// Which way a metric improves.
enum class Direction { none, minimize, maximize };

// A metric that a learner logs; `unit` such as "nats", "reward", "".
struct MetricSpec {
  std::string name;
  std::string unit;
  std::string sentence;
  Direction direction = Direction::none;  // only what has one can be a score or end a run early
  bool count = false;  // a row holds the sum of what was logged since the row before, else its mean
};

// What a policy is asked: N observations, and what else counts there and then.
struct PolicyInput {
  PolicyInput(torch::Tensor seen, torch::Tensor possible = {}, torch::Tensor remembered = {},
              bool explained = true)
      : observations(std::move(seen)),
        mask(std::move(possible)),
        memory(std::move(remembered)),
        thoughts(explained) {}

  torch::Tensor observations;  // [N, O] float32 or [N] int64
  torch::Tensor mask;    // [N, A] uint8, 0 for each Discrete action that cannot be taken; undefined: all can
  torch::Tensor memory;  // [N, M] as the answer of the step before left it, zeros where an episode begins;
                         // undefined: all begin
  bool thoughts = true;  // beside actions and memory, the rest of a PolicyOutput is asked for
};

// What it answers; may leave out all but actions and memory where thoughts are not asked for.
struct PolicyOutput {
  torch::Tensor actions;        // [N] int64 or [N, A] float32
  torch::Tensor probabilities;  // [N, n]; undefined where the policy has none
  torch::Tensor q;              // [N, n]; likewise
  torch::Tensor value;          // [N]; likewise
  torch::Tensor hidden;         // [N, n] what its hidden layers put out; likewise
  torch::Tensor memory;         // [N, M] for the next input; undefined where it remembers nothing
};
// greedy: the most likely action, else sampled from `generator`.
using Policy = std::function<PolicyOutput(const PolicyInput& input, bool greedy, torch::Generator generator)>;

// What a classifier answers to N rows.
struct ClassifierOutput {
  torch::Tensor logits;    // [N, K]
  torch::Tensor features;  // [N, F], what its last layer is given
};
using Classifier = std::function<ClassifierOutput(const torch::Tensor& inputs)>;  // [N, ...] float32

// What a learner is built for: to learn; to be evaluated, which takes the held-out data; or to be used, which
// takes its weights and what gives them their meaning alone.
enum class Purpose { training, evaluation, inference };

// What build() is handed: everything registered here, and nothing else, is what a checkpoint holds.
class Build {
 public:
  // What a checkpoint keeps under a name that was given to inference_state(); nothing where it keeps none.
  using Saved = std::function<std::optional<core::Archive>(const std::string& name)>;

  Build(Registry& registry, uint64_t seed, torch::Device device, core::Duration budget = {},
        Purpose purpose = Purpose::training, Saved saved = {})
      : registry_(registry),
        seed_(seed),
        device_(device),
        budget_(budget),
        purpose_(purpose),
        saved_(std::move(saved)) {}

  Purpose purpose() const { return purpose_; }
  // Of the checkpoint whose weights are to come, where there is one.
  std::optional<core::Archive> saved(const std::string& name) const {
    return saved_ ? saved_(name) : std::nullopt;
  }

  uint64_t seed() const { return seed_; }
  torch::Device device() const { return device_; }
  const core::Duration& budget() const { return budget_; }  // of the run that is to come
  // A seed for one purpose of this run, independent of those of other purposes ("rollout", "data").
  uint64_t seed_for(const std::string& purpose) const;

  // Moves the module to the device; its parameters and buffers become /parameters/<name>/...
  void module(const std::string& name, torch::nn::Module& module);
  // An optimiser over the parameters of registered modules, configured by the `optim` section (and
  // `optim.<name>`). `terms` are the terms that update(name, ...) will be given.
  void optimizer(const std::string& name, const std::vector<torch::nn::Module*>& modules,
                 const std::vector<MetricSpec>& terms);
  // Weight decay spares this parameter, as it does those of torch::nn::Embedding; said before optimizer().
  void embedding(const torch::Tensor& parameter);
  // A tensor of a registered module or buffer tells how often something was: a checkpoint with other numbers
  // there than 0, 1, 2, ... is refused.
  void counts(const torch::Tensor& tensor);
  // An update without an optimiser (tables, CMA-ES): `terms` are what updated(name, ...) will be given.
  void update(const std::string& name, const std::vector<MetricSpec>& terms);
  // A tensor of fixed shape that is part of the state (tables, running statistics).
  void buffer(const std::string& name, torch::Tensor& tensor);
  // Anything that saves itself through an Archive (environments, replay): called for saving and for
  // restoring.
  void state(const std::string& name, std::function<void(core::Archive&)> archive);
  // The same for what inference needs beside the weights, such as a vocabulary: where the weights alone are
  // loaded it is restored, too, and before them.
  void inference_state(const std::string& name, std::function<void(core::Archive&)> archive);
  // The same for environments; they stand under /envs.
  void envs(const std::string& name, std::function<void(core::Archive&)> archive);
  // A random generator of this purpose's own stream, saved with the run.
  torch::Generator stream(const std::string& purpose);
  // The data that is drawn by Step::next; the first one registered is the one that `epoch` counts.
  void source(const std::string& name, Source& source);
  // Step::collected() will be told of transitions, so that there are env_steps to count by.
  void collects();
  // How the agent acts: for evaluation, for watching, and for programs that load a trained policy.
  void policy(Policy policy);
  // How the classifier answers: for judging what generative models make.
  void classifier(Classifier classifier);
  // What log() may be given, "group/name".
  void metric(const MetricSpec& spec);
  // What evaluate() measures of held-out data, "name": valid/<name> and test/<name>, for Eval::log_split. The
  // sentence goes on with the part's name.
  void split_metric(const MetricSpec& spec);
  // The registered metric by which best.h5 is chosen. Never one of test/.
  void score(const std::string& metric);
  // What readers of the run must know beside its metrics, an attribute of run.h5, such as how many classes
  // there are.
  void fact(const std::string& name, int64_t value);
  // A line that a run prints when it begins, such as the memory that it needs.
  void note(const std::string& line);
  // Called once after build(): names the metrics of the updates.
  void finish();

 private:
  Registry& registry_;
  uint64_t seed_;
  torch::Device device_;
  core::Duration budget_;
  Purpose purpose_;
  Saved saved_;
};

struct Updated {
  double loss = 0;       // the weighted sum
  double grad_norm = 0;  // before clipping; 0 while gradients are still being accumulated
  int64_t steps = 0;     // of the optimiser, so far; 0 while gradients are still being accumulated
};

// What step() is handed: one unit of learning.
class Step {
 public:
  Step(Registry& registry, Updater& updater, const Logger& logger, Counters& counters, double progress)
      : registry_(registry), updater_(updater), logger_(logger), counters_(counters), progress_(progress) {}

  const Counters& counters() const { return counters_; }
  double progress() const { return progress_; }  // 0 .. 1 of the budget, at the start of this step
  // The next batch of a registered source; counts its rows as samples, and the first source's epochs.
  Batch next(Source& source);
  // Differentiates the weighted sum and takes one optimiser step: finite check, gradient norm, clip,
  // optimiser, schedule, EMA, logging of every weighted term. Error(failed) on a NaN or Inf, before any
  // weight changes.
  Updated update(const std::string& name, const Terms& terms);
  // The same road from a gradient that is already there: the parameters' grad, to which native nets' backward
  // or an evolution strategy's estimate has added. They are zero again afterwards.
  Updated apply_gradients(const std::string& name, const ScalarTerms& terms);
  // The learner has changed its registered tensors by itself. Error(failed) on a term that is not finite.
  void updated(const std::string& name, const ScalarTerms& terms);
  // `env_steps` transitions were gathered for learning.
  void collected(int64_t env_steps);
  // A registered metric; the next row holds the mean of all that was logged since the row before, or their
  // sum where the metric is a count.
  void log(const std::string& metric, double value);

  bool silent() const { return !reported_; }  // neither updated nor collected: a fault of the learner

 private:
  Registry& registry_;
  Updater& updater_;
  const Logger& logger_;
  Counters& counters_;
  double progress_;
  bool reported_ = false;
};

// What evaluate() is handed. Eval mode and no-grad are set; the streams are evaluation's own.
class Eval {
 public:
  struct Request {
    uint64_t seed = 0;      // episode i of each policy starts from reset(seed + i)
    int64_t episodes = 20;  // per policy
    bool greedy = true, sampled = true;
    bool hidden = false;         // record the hidden layers too
    Split split = Split::valid;  // learners from data: the part that is evaluated
    int64_t rows = all_rows;     // and how many of its rows at most
  };
  Eval(Request request, const Logger& logger, torch::Generator generator)
      : request_(request), logger_(logger), generator_(std::move(generator)) {}

  const Request& request() const { return request_; }
  torch::Generator generator() const { return generator_; }
  void log(const std::string& metric, double value);
  // How far the episodes lay apart that a logged metric is the mean of.
  void log_deviation(const std::string& metric, double deviation);
  // A metric of Build::split_metric, logged under the part that is asked for.
  void log_split(const std::string& name, double value);
  // How many episodes of each policy somebody records: the rows of the others need not be kept.
  int64_t recorded() const { return logger_.episode ? logger_.episodes : 0; }
  // Records one whole episode, if anybody records. `episode` is free to be reused afterwards.
  void episode(const core::EpisodeFormat& format, core::Episode& episode);

 private:
  Request request_;
  const Logger& logger_;
  torch::Generator generator_;
};

// Hold this at four functions. When someone wants a fifth, the answer is a plain function called from one of
// them.
class Learner {
 public:
  virtual ~Learner() = default;
  // Registers modules, optimisers, sources, buffers, streams and metrics.
  virtual void build(Build& build) = 0;
  // One unit of learning: calls step.update 1..n times, or step.collected where it only gathers.
  virtual void step(Step& step) = 0;
  // Held-out numbers: of fresh episodes, or of the part of the data that is asked for.
  virtual void evaluate(Eval&) {}
  // What a person would look at.
  virtual void sample(core::Gallery&) {}
};

}  // namespace training
