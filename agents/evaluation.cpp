#include "agents/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "agents/action_mask.h"
#include "agents/all.h"
#include "agents/exact.h"
#include "agents/live_evaluation.h"
#include "agents/tensors.h"
#include "core/interrupt.h"
#include "core/options.h"
#include "training/loop/checkpoint.h"

namespace agents {

static constexpr int64_t longest = 10000;  // steps, where the environment has no limit of its own

core::EpisodeFormat episode_format(const envs::Options& env, const envs::Spec& spec,
                                   const training::PolicyOutput& acted) {
  const auto row = [](const envs::Space& space) {
    return std::vector<hsize_t>(space.shape.begin(), space.shape.end());
  };
  const auto width = [](const torch::Tensor& t) { return t.defined() ? static_cast<hsize_t>(t.size(1)) : 0; };
  return {.env_id = env.id,
          .env_options = env.yaml(),
          .obs_dtype = envs::dtype_name(spec.observation.dtype),
          .obs_shape = row(spec.observation),
          .action_dtype = envs::dtype_name(spec.action.dtype),
          .action_shape = row(spec.action),
          .probabilities = width(acted.probabilities),
          .q = width(acted.q),
          .hidden = width(acted.hidden),
          .value = acted.value.defined()};
}

namespace {

// Episodes that are played side by side: so many that what a step costs once does not show, few enough that
// memory does not grow with their number.
int64_t side_by_side(const envs::Options& env, int64_t n) {
  constexpr int64_t few = 256, many = 1024;
  constexpr size_t small_row = 4096;  // bytes: no picture
  if (n <= few) return few;
  return env.make(1, envs::EnvPurpose::evaluation)->spec().observation.bytes() <= small_row ? many : few;
}

template <class T>
void append_row(std::vector<T>& to, const torch::Tensor& rows, int64_t i) {  // rows: contiguous
  if (!rows.defined()) return;
  const auto bytes = rows.nbytes() / static_cast<size_t>(rows.size(0));
  const auto* row = static_cast<const std::byte*>(rows.data_ptr()) + static_cast<size_t>(i) * bytes;
  const size_t old = to.size();
  to.resize(old + bytes / sizeof(T));
  std::memcpy(to.data() + old, row, bytes);
}

// N environments that play one episode each. Environments step together, so that one that has finished is
// stepped on; but it is neither asked for an action nor heard.
class ParallelEpisodes {
 public:
  // The first `recorded` episodes keep their rows, the others their headers alone.
  ParallelEpisodes(envs::Envs& envs, uint64_t seed, int64_t recorded = 0)
      : envs_(envs), recorded_(recorded), episodes_(static_cast<size_t>(envs.size())) {
    const envs::Spec& spec = envs_.spec();
    const int64_t n = envs_.size();
    obs_ = observation_tensor(spec, {n});
    final_ = observation_tensor(spec, {n});
    actions_ = action_tensor(spec, {n});
    reward_ = torch::zeros({n});
    terminated_ = torch::zeros({n}, torch::kUInt8);
    truncated_ = terminated_.clone();
    mask_ = mask_tensor(spec, {n});
    envs_.reset(seed, bytes(obs_));
    for (int64_t i = 0; i < n; ++i) {
      episodes_[static_cast<size_t>(i)].header.seed = seed + static_cast<uint64_t>(i);
      if (i < recorded_) append_row(episodes_[static_cast<size_t>(i)].observations, obs_, i);
    }
    open_.resize(static_cast<size_t>(n));
    std::iota(open_.begin(), open_.end(), int64_t{0});
    limit_ = spec.max_episode_steps > 0 ? spec.max_episode_steps : longest;
  }

  const envs::Spec& spec() const { return envs_.spec(); }
  bool over() const { return open_.empty(); }
  std::vector<core::Episode>& episodes() { return episodes_; }

  // Of those that still play, [open, ...].
  training::PolicyInput input() const {
    read_mask(envs_, mask_);
    const bool thoughts = recorded_ > 0;
    if (open_.size() == episodes_.size()) return {for_net(obs_, envs_.spec()), mask_, memory_, thoughts};
    const torch::Tensor open = torch::tensor(open_);
    return {for_net(obs_.index_select(0, open), envs_.spec()), select_mask(mask_, open), memory_, thoughts};
  }

  // A row of `acted` for each that still plays.
  void step(const training::PolicyOutput& acted) {
    const training::PolicyOutput told = on_cpu(acted);
    actions_.index_copy_(0, torch::tensor(open_), told.actions);
    envs_.step(actions_of(actions_, envs_.spec()), {.obs = bytes(obs_),
                                                    .reward = reward_.data_ptr<float>(),
                                                    .terminated = terminated_.data_ptr<uint8_t>(),
                                                    .truncated = truncated_.data_ptr<uint8_t>(),
                                                    .final_obs = bytes(final_)});
    ++t_;
    for (size_t k = 0; k < open_.size(); ++k) {
      if (open_[k] < recorded_) record(open_[k], static_cast<int64_t>(k), told);
      count(open_[k]);
    }
    close(acted.memory);
  }

 private:
  static bool ended(const core::EpisodeHeader& header) { return header.terminated || header.truncated; }

  static training::PolicyOutput on_cpu(const training::PolicyOutput& acted) {
    const auto plain = [](const torch::Tensor& t) { return t.defined() ? t.cpu().contiguous() : t; };
    training::PolicyOutput told;
    told.actions = plain(acted.actions);
    told.probabilities = plain(acted.probabilities);
    told.q = plain(acted.q);
    told.hidden = plain(acted.hidden);
    told.value = plain(acted.value);
    return told;
  }

  // Leaves out those that have ended, and what was remembered of them.
  void close(const torch::Tensor& memory) {
    std::vector<int64_t> rows, still;
    for (size_t k = 0; k < open_.size(); ++k)
      if (!ended(episodes_[static_cast<size_t>(open_[k])].header)) {
        rows.push_back(static_cast<int64_t>(k));
        still.push_back(open_[k]);
      }
    memory_ =
        memory.defined() && rows.size() < open_.size() ? memory.index_select(0, torch::tensor(rows)) : memory;
    open_.swap(still);
  }

  bool is_cut(int64_t i) const { return truncated_.data_ptr<uint8_t>()[i] != 0 || t_ == limit_; }

  void count(int64_t i) {
    core::EpisodeHeader& header = episodes_[static_cast<size_t>(i)].header;
    header.length = t_;
    header.episode_return += reward_.data_ptr<float>()[i];
    header.terminated = terminated_.data_ptr<uint8_t>()[i] != 0;
    header.truncated = is_cut(i);
  }

  void record(int64_t i, int64_t row, const training::PolicyOutput& told) {
    core::Episode& e = episodes_[static_cast<size_t>(i)];
    const bool terminated = terminated_.data_ptr<uint8_t>()[i] != 0;
    append_row(e.actions, told.actions, row);
    append_row(e.probabilities, told.probabilities, row);
    append_row(e.q, told.q, row);
    append_row(e.hidden, told.hidden, row);
    append_row(e.value, told.value, row);
    append_row(e.observations, terminated || truncated_.data_ptr<uint8_t>()[i] ? final_ : obs_, i);
    e.rewards.push_back(reward_.data_ptr<float>()[i]);
    e.terminated.push_back(terminated);
    e.truncated.push_back(is_cut(i));
  }

  envs::Envs& envs_;
  int64_t recorded_, t_ = 0, limit_ = 0;
  torch::Tensor obs_, final_, actions_, reward_, terminated_, truncated_, mask_;
  torch::Tensor memory_;  // [open, M], where the policy has one
  std::vector<core::Episode> episodes_;
  std::vector<int64_t> open_;  // the environments that still play
};

double deviation(const std::vector<double>& values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// Episodes `at_once` side by side; `act` is handed the environments that it plays.
EvaluationResult play_groups(const envs::Options& env, const LivePolicy& act, int64_t at_once, bool greedy,
                             uint64_t seed, int64_t n, torch::Generator generator, int64_t recorded,
                             const Record& record) {
  const torch::NoGradGuard no_grad;
  std::unique_ptr<envs::Envs> envs;
  core::EpisodeFormat format;
  EvaluationResult played;
  std::vector<double> returns, lengths;
  for (int64_t first = 0; first < n; first += at_once) {
    const int64_t count = std::min(at_once, n - first),
                  kept = std::clamp<int64_t>(recorded - first, 0, count);
    if (!envs || envs->size() != count) envs = env.make(count, envs::EnvPurpose::evaluation);
    ParallelEpisodes table(*envs, seed + static_cast<uint64_t>(first), kept);
    while (!table.over()) {
      core::heed_signals();
      const training::PolicyOutput acted = act(*envs, table.input(), greedy, generator);
      if (kept > 0 && format.env_id.empty()) format = episode_format(env, table.spec(), acted);
      table.step(acted);
    }
    for (int64_t i = 0; i < count; ++i) {
      core::Episode& episode = table.episodes()[static_cast<size_t>(i)];
      std::strncpy(episode.header.policy, greedy ? "greedy" : "sampled", sizeof episode.header.policy - 1);
      played.mean_return += episode.header.episode_return;
      played.mean_length += static_cast<double>(episode.header.length);
      returns.push_back(episode.header.episode_return);
      lengths.push_back(static_cast<double>(episode.header.length));
      if (i < kept) record(format, episode);
    }
  }
  played.mean_return /= static_cast<double>(n);
  played.mean_length /= static_cast<double>(n);
  played.deviation_return = deviation(returns, played.mean_return);
  played.deviation_length = deviation(lengths, played.mean_length);
  return played;
}

LivePolicy blind(const training::Policy& act) {
  return [&act](envs::Envs&, const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    return act(input, greedy, std::move(generator));
  };
}

}  // namespace

EvaluationResult play(const envs::Options& env, const training::Policy& act, bool greedy, uint64_t seed,
                      int64_t n, torch::Generator generator, int64_t recorded, const Record& record) {
  return play_groups(env, blind(act), side_by_side(env, n), greedy, seed, n, std::move(generator), recorded,
                     record);
}

double play(envs::Envs& envs, const training::Policy& act, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  ParallelEpisodes table(envs, seed);
  while (!table.over()) table.step(act(table.input(), true, {}));
  double sum = 0;
  for (const core::Episode& episode : table.episodes()) sum += episode.header.episode_return;
  return sum / static_cast<double>(envs.size());
}

training::Policy load_policy(const std::filesystem::path& checkpoint) {
  static const core::Table<training::Entry> no_models("model", {});
  auto trained =
      std::make_shared<training::Session>(training::load_trained(checkpoint, {agents::all(), no_models}));
  return [trained](const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    return trained->registry.act(input, greedy, std::move(generator));
  };
}

// Steps after which an episode is over for sure.
static int64_t longest_episode(const envs::Options& env) {
  const int64_t limit = env.make(1, envs::EnvPurpose::evaluation)->spec().max_episode_steps;
  return limit > 0 ? limit : longest;
}

void register_evaluation(const envs::Options& env, training::Build& build) {
  using training::Direction;
  build.metric({"eval/return_greedy", "reward", "Mean return of evaluation episodes, most likely actions",
                Direction::maximize});
  build.metric({"eval/return_sampled", "reward", "Mean return of evaluation episodes, sampled actions",
                Direction::maximize});
  build.metric({"eval/length_greedy", "steps", "Mean length of evaluation episodes, most likely actions"});
  build.metric({"eval/length_sampled", "steps", "Mean length of evaluation episodes, sampled actions"});
  if (envs::has_statistics(env.wrappers))
    build.inference_state("env_statistics",
                          [list = env.wrappers](core::Archive& archive) { envs::statistics(list, archive); });
  const auto table = env.transitions();
  if (!table) return build.score("eval/return_greedy");
  build.metric({"eval/return_exact", "reward",
                "Expected return of the most likely actions within the time limit, computed from the table",
                Direction::maximize});
  build.score("eval/return_exact");
  const int64_t limit = longest_episode(env);
  build.note(fmt::format("{}: the best policy's expected return within {} steps is {:.4f}", env.id, limit,
                         best_expected_return(*table, limit)));
}

// The greedy policy's answer in every state: tables show their state's number.
static StatePolicy tabulate(const training::Policy& act, const envs::Transitions& table, bool masked) {
  training::PolicyInput all(torch::arange(table.states, torch::kInt64));
  std::vector<uint8_t> mask;
  if (masked) {
    mask = action_mask(table);
    all.mask = torch::from_blob(mask.data(), {table.states, table.actions}, torch::kUInt8);
  }
  const torch::Tensor actions = act(all, true, {}).actions.cpu().contiguous();  // [S]
  return {actions.data_ptr<int64_t>(), actions.data_ptr<int64_t>() + table.states};
}

static double exact_return(const envs::Options& env, const envs::Transitions& table,
                           const training::Policy& act) {
  const bool masked = env.make(1, envs::EnvPurpose::evaluation)->spec().action_mask;
  return expected_return(table, tabulate(act, table, masked), longest_episode(env));
}

// The same policy, silent about its hidden layers.
static training::Policy without_hidden(const training::Policy& act) {
  return [&act](const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    training::PolicyOutput acted = act(input, greedy, std::move(generator));
    acted.hidden = torch::Tensor();
    return acted;
  };
}

// Each mode that is asked for; `after_greedy` is called once the greedy one is logged.
static void evaluate_modes(const envs::Options& env, const LivePolicy& act, int64_t at_once,
                           training::Eval& eval, const std::function<void()>& after_greedy) {
  const auto& request = eval.request();
  const auto mode = [&](bool greedy, const std::string& name) {
    const EvaluationResult played = play_groups(
        env, act, at_once, greedy, request.seed, request.episodes, eval.generator(), eval.recorded(),
        [&](const core::EpisodeFormat& format, core::Episode& episode) { eval.episode(format, episode); });
    eval.log("eval/return_" + name, played.mean_return);
    eval.log("eval/length_" + name, played.mean_length);
    eval.log_deviation("eval/return_" + name, played.deviation_return);
    eval.log_deviation("eval/length_" + name, played.deviation_length);
  };
  if (request.greedy) mode(true, "greedy");
  if (request.greedy) after_greedy();
  if (request.sampled) mode(false, "sampled");
}

void evaluate(const envs::Options& env, const training::Policy& policy, training::Eval& eval) {
  const auto& request = eval.request();
  const training::Policy act = request.hidden ? policy : without_hidden(policy);
  evaluate_modes(env, blind(act), side_by_side(env, request.episodes), eval, [&] {
    const auto table = env.transitions();
    if (table) eval.log("eval/return_exact", exact_return(env, *table, act));
  });
}

static envs::Options without_table(envs::Options env) {
  env.factory.transitions = [] { return std::nullopt; };
  return env;
}

void register_live_evaluation(envs::Options env, training::Build& build) {
  register_evaluation(without_table(std::move(env)), build);
}

void evaluate_live(envs::Options env, const LivePolicy& act, training::Eval& eval) {
  evaluate_modes(without_table(std::move(env)), act, 1, eval, [] {});
}

}  // namespace agents
