#include "agents/evaluation.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include "agents/all.h"
#include "agents/exact.h"
#include "agents/tensors.h"
#include "core/options.h"
#include "training/checkpoint.h"

namespace agents {

static constexpr int64_t longest = 10000;  // steps, where the environment has no limit of its own

core::EpisodeFormat episode_format(const envs::Options& env, const envs::Spec& spec,
                                   const training::Acted& acted) {
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

template <class T>
void append_row(std::vector<T>& to, const torch::Tensor& from, int64_t i) {
  if (!from.defined()) return;
  const torch::Tensor row = from.select(0, i).contiguous();
  const auto* data = static_cast<const T*>(row.data_ptr());
  to.insert(to.end(), data, data + static_cast<size_t>(row.numel()) * row.element_size() / sizeof(T));
}

// N environments that play one episode each; an environment that has finished is stepped on but no longer
// heard.
class Table {
 public:
  Table(envs::Envs& envs, uint64_t seed) : envs_(envs), n_(envs.size()), episodes_(static_cast<size_t>(n_)) {
    const envs::Spec& spec = envs_.spec();
    const int64_t n = n_;
    obs_ = observation_tensor(spec, {n}), final_ = observation_tensor(spec, {n});
    reward_ = torch::zeros({n}), terminated_ = torch::zeros({n}, torch::kUInt8),
    truncated_ = terminated_.clone();
    envs_.reset(seed, bytes(obs_));
    for (int64_t i = 0; i < n; ++i) {
      episodes_[static_cast<size_t>(i)].header.seed = seed + static_cast<uint64_t>(i);
      append_row(episodes_[static_cast<size_t>(i)].observations, obs_, i);
    }
    open_ = n;
    limit_ = spec.max_episode_steps > 0 ? spec.max_episode_steps : longest;
  }

  const envs::Spec& spec() const { return envs_.spec(); }
  bool over() const { return open_ == 0; }
  torch::Tensor observations() const { return for_net(obs_, envs_.spec()); }
  std::vector<core::Episode>& episodes() { return episodes_; }

  void step(const training::Acted& acted) {
    const torch::Tensor actions = acted.actions.cpu().contiguous();
    envs_.step(actions_of(actions, envs_.spec()), {.obs = bytes(obs_),
                                                   .reward = reward_.data_ptr<float>(),
                                                   .terminated = terminated_.data_ptr<uint8_t>(),
                                                   .truncated = truncated_.data_ptr<uint8_t>(),
                                                   .final_obs = bytes(final_)});
    ++t_;
    for (int64_t i = 0; i < n_; ++i)
      if (core::Episode& e = episodes_[static_cast<size_t>(i)]; e.header.length + 1 == t_ && !ended(e))
        record(e, i, acted, actions);
  }

 private:
  static bool ended(const core::Episode& e) { return e.header.terminated || e.header.truncated; }

  void record(core::Episode& e, int64_t i, const training::Acted& acted, const torch::Tensor& actions) {
    const bool terminated = terminated_.data_ptr<uint8_t>()[i] != 0;
    const bool truncated = truncated_.data_ptr<uint8_t>()[i] != 0 || t_ == limit_;
    append_row(e.actions, actions, i);
    append_row(e.probabilities, acted.probabilities, i);
    append_row(e.q, acted.q, i);
    append_row(e.hidden, acted.hidden, i);
    append_row(e.value, acted.value, i);
    append_row(e.observations, terminated || truncated_.data_ptr<uint8_t>()[i] ? final_ : obs_, i);
    e.rewards.push_back(reward_.data_ptr<float>()[i]);
    e.terminated.push_back(terminated), e.truncated.push_back(truncated);
    e.header.length = t_;
    e.header.episode_return += e.rewards.back();
    e.header.terminated = terminated, e.header.truncated = truncated;
    open_ -= terminated || truncated;
  }

  envs::Envs& envs_;
  int64_t n_, open_ = 0, t_ = 0, limit_ = 0;
  torch::Tensor obs_, final_, reward_, terminated_, truncated_;
  std::vector<core::Episode> episodes_;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<double> play(const envs::Options& env, const training::Act& act, bool greedy, uint64_t seed,
                         int64_t n, torch::Generator generator,
                         const std::function<void(const core::EpisodeFormat&, core::Episode&)>& done) {
  const torch::NoGradGuard no_grad;
  const std::unique_ptr<envs::Envs> envs = env.make(n, envs::Use::judging);
  Table table(*envs, seed);
  core::EpisodeFormat format;
  while (!table.over()) {
    const training::Acted acted = act(table.observations(), greedy, generator);
    if (format.env_id.empty()) format = episode_format(env, table.spec(), acted);
    table.step(acted);
  }
  std::vector<double> returns;
  for (core::Episode& episode : table.episodes()) {
    std::strncpy(episode.header.policy, greedy ? "greedy" : "sampled", sizeof episode.header.policy - 1);
    returns.push_back(episode.header.episode_return);
    done(format, episode);
  }
  return returns;
}

double play(envs::Envs& envs, const training::Act& act, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  Table table(envs, seed);
  while (!table.over()) table.step(act(table.observations(), true, {}));
  double sum = 0;
  for (const core::Episode& episode : table.episodes()) sum += episode.header.episode_return;
  return sum / static_cast<double>(envs.size());
}

training::Act load_policy(const std::filesystem::path& checkpoint) {
  static const core::Table<training::Entry> no_models("model", {});
  auto trained =
      std::make_shared<training::Session>(training::load_trained(checkpoint, {agents::all(), no_models}));
  return [trained](const torch::Tensor& observations, bool greedy, torch::Generator generator) {
    return trained->registry.act(observations, greedy, std::move(generator));
  };
}

// Steps after which an episode is over for sure.
static int64_t longest_episode(const envs::Options& env) {
  const int64_t limit = env.make(1, envs::Use::judging)->spec().max_episode_steps;
  return limit > 0 ? limit : longest;
}

void register_evaluation(const envs::Options& env, training::Build& build) {
  using training::Better;
  build.metric({"eval/return_greedy", "reward", "Mean return of evaluation episodes, most likely actions",
                Better::more});
  build.metric(
      {"eval/return_sampled", "reward", "Mean return of evaluation episodes, sampled actions", Better::more});
  build.metric({"eval/length_greedy", "steps", "Mean length of evaluation episodes, most likely actions"});
  build.metric({"eval/length_sampled", "steps", "Mean length of evaluation episodes, sampled actions"});
  if (envs::has_statistics(env.wrappers))
    build.meaning("env_statistics",
                  [list = env.wrappers](core::Archive& archive) { envs::statistics(list, archive); });
  const auto table = env.transitions();
  if (!table) return build.score("eval/return_greedy");
  build.metric({"eval/return_exact", "reward",
                "Expected return of the most likely actions within the time limit, computed from the table",
                Better::more});
  build.score("eval/return_exact");
  const int64_t limit = longest_episode(env);
  build.note(fmt::format("{}: the best policy's expected return within {} steps is {:.4f}", env.id, limit,
                         best_expected_return(*table, limit)));
}

// The greedy policy's answer in every state: tables show their state's number.
static StatePolicy tabulate(const training::Act& act, int64_t states) {
  const torch::Tensor actions =
      act(torch::arange(states, torch::kInt64), true, {}).actions.cpu().contiguous();  // [S]
  return {actions.data_ptr<int64_t>(), actions.data_ptr<int64_t>() + states};
}

static double exact_return(const envs::Options& env, const envs::Transitions& table,
                           const training::Act& act) {
  return expected_return(table, tabulate(act, table.states), longest_episode(env));
}

// The same policy, silent about its hidden layers.
static training::Act reserved(const training::Act& act) {
  return [&act](const torch::Tensor& observations, bool greedy, torch::Generator generator) {
    training::Acted acted = act(observations, greedy, std::move(generator));
    acted.hidden = torch::Tensor();
    return acted;
  };
}

void evaluate(const envs::Options& env, const training::Act& policy, training::Eval& eval) {
  const auto& request = eval.request();
  const training::Act act = request.hidden ? policy : reserved(policy);
  const auto mode = [&](bool greedy, const std::string& name) {
    double length = 0;
    const auto returns = play(env, act, greedy, request.seed, request.episodes, eval.generator(),
                              [&](const core::EpisodeFormat& format, core::Episode& episode) {
                                length += static_cast<double>(episode.header.length);
                                eval.episode(format, episode);
                              });
    eval.log("eval/return_" + name, mean(returns));
    eval.log("eval/length_" + name, length / static_cast<double>(request.episodes));
  };
  if (request.greedy) mode(true, "greedy");
  const auto table = env.transitions();
  if (request.greedy && table) eval.log("eval/return_exact", exact_return(env, *table, act));
  if (request.sampled) mode(false, "sampled");
}

}  // namespace agents
