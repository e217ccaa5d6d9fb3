#include "agents/offline/demonstrations.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "agents/offline/recordings.h"
#include "agents/tensors.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"
#include "training/data/loader.h"

namespace agents {

void DemonstrationOptions::fields(core::Fields& own) {
  own.add("file", file,
          "Episodes to learn from: an episodes.h5, the folder of a run or of a Minari data set, or a D4RL "
          "file; empty: the environment's hand-written policy plays them",
          {.path = true});
  own.add("min_return", min_return, "Episodes of a lower return are left out; null: none is",
          {.unit = "reward"});
  own.add("episodes", episodes,
          "Episodes at most, the last ones of the file; 0: all (hand-written policy: 100)",
          {.min = 0, .max = 1e9, .unit = "episodes"});
  own.add("validation", validation, "Share of the episodes by which the best weights are chosen",
          {.min = 0, .max = 0.9, .above = true});
  own.add(
      "window", window,
      "Episodes in memory at a time: they come in an order of their own in each epoch, and their steps are "
      "shuffled among each other; 0: all, as one table",
      {.min = 0, .max = 1e9, .unit = "episodes"});
}

namespace {

double return_of(const core::Episode& episode) {
  return std::accumulate(episode.rewards.begin(), episode.rewards.end(), 0.0);
}

void check_actions(const torch::Tensor& actions, const envs::Spec& spec, const std::string& section) {
  if (spec.action.kind == envs::Space::Kind::box)
    return core::check(torch::isfinite(actions).all().item<bool>(), "{}: holds an action that is not finite",
                       section);
  for (size_t k = 0; k < spec.action.n.size(); ++k) {
    const torch::Tensor own = spec.action.is_discrete() ? actions : actions.select(1, int64_t(k));
    const auto low = own.min().item<int64_t>(), high = own.max().item<int64_t>();
    core::check(low >= 0 && high < spec.action.n[k], "{}: holds action {}, {} has {}", section,
                low < 0 ? low : high, spec.id, spec.action.str());
  }
}

// States are places in a row that a net reads.
void check_observations(const torch::Tensor& observations, const envs::Spec& spec,
                        const std::string& section) {
  const envs::Space& space = spec.observation;
  for (int64_t i = 0; i < observations.size(0) && space.kind != envs::Space::Kind::box; ++i)
    core::check(envs::has_choices(space, bytes(observations) + i * static_cast<int64_t>(space.bytes())),
                "{}: holds an observation that is not in {}", section, space.str());
}

// All steps, without where the episode ended.
training::Dataset steps_of(const core::Episode& episode, const envs::Spec& spec, const std::string& section) {
  const int64_t T = episode.header.length;
  const torch::Tensor observations = observation_tensor(spec, {T}), actions = action_tensor(spec, {T});
  std::copy_n(episode.observations.begin(), T * static_cast<int64_t>(spec.observation.bytes()),
              bytes(observations));
  std::copy(episode.actions.begin(), episode.actions.end(), bytes(actions));
  check_observations(observations, spec, section);
  check_actions(actions, spec, section);
  return {for_net(observations, spec), actions};
}

// One episode that is learned from: its number among the recordings.
struct Pick {
  int64_t number = 0, length = 0;
  double episode_return = 0;
  std::shared_ptr<const core::Episode> held = nullptr;  // where all are in memory
};
using Picks = std::vector<Pick>;

// The last ones first; as many as are asked for.
Picks chosen(const Recordings& recorded, const DemonstrationOptions& options, const envs::Spec& spec,
             const std::string& section) {
  const int64_t most = options.episodes > 0 ? options.episodes : recorded.count;
  Picks all;
  for (int64_t k = recorded.count - 1; k >= 0 && std::ssize(all) < most; --k) {
    auto episode = std::make_shared<core::Episode>(recorded.read(k));
    const Pick pick{k, episode->header.length, return_of(*episode)};
    if (pick.length == 0 || (options.min_return && pick.episode_return < *options.min_return)) continue;
    all.push_back(pick);
    if (options.window == 0)
      all.back().held = std::move(episode);
    else
      static_cast<void>(steps_of(*episode, spec, section));  // an Error now, not in the midst of learning
  }
  core::check(all.size() >= 2,
              "{}: expected two episodes or more, to learn from and to choose by, found {} of {}{}", section,
              all.size(), recorded.count,
              options.min_return ? fmt::format(" with a return of {} or more", *options.min_return) : "");
  return all;
}

training::Shards shards_of(const Recordings& recorded, const Picks& picks, const envs::Spec& spec,
                           const std::string& section) {
  training::Shards shards;
  for (const Pick& pick : picks) shards.rows.push_back(pick.length);
  shards.read = [recorded, picks, spec, section](int64_t shard) {
    const Pick& pick = picks[static_cast<size_t>(shard)];
    return steps_of(pick.held ? *pick.held : recorded.read(pick.number), spec, section);
  };
  return shards;
}

// What the nets read of all steps, beside the episodes themselves.
void require_steps(const Demonstrations& made, const envs::Spec& spec, const std::string& section) {
  const auto steps = static_cast<double>(made.steps);
  const double row = static_cast<double>(spec.observation.bytes() + spec.action.bytes()) +
                     4 * static_cast<double>(spec.observation.net_width());
  core::require_memory(row * steps, fmt::format("{}: {} steps of {}", section, steps, spec.id));
}

void shuffle(Picks& all, uint64_t seed) {
  core::Pcg64 random(seed);
  for (auto i = std::ssize(all) - 1; i > 0; --i)
    std::swap(all[static_cast<size_t>(i)], all[static_cast<size_t>(random.integers(0, i + 1))]);
}

Recordings recordings_of(const DemonstrationOptions& options, const envs::Options& env,
                         const envs::Spec& spec) {
  static constexpr int64_t usual = 100;  // of the hand-written policy
  return options.file.empty() ? heuristic_play(env, options.episodes > 0 ? options.episodes : usual)
                              : recordings(options.file, spec);
}

}  // namespace

Demonstrations demonstrations(const std::string& section, const DemonstrationOptions& options,
                              const envs::Options& env, uint64_t seed) {
  const envs::Spec spec = env.make(1, envs::EnvPurpose::evaluation)->spec();
  const Recordings recorded = recordings_of(options, env, spec);
  Picks all = chosen(recorded, options, spec, section);
  Demonstrations made{.train = {}, .valid = {}, .episodes = std::ssize(all)};
  for (const Pick& pick : all) {
    made.steps += pick.length;
    made.mean_return += pick.episode_return / static_cast<double>(all.size());
  }
  if (options.window == 0) require_steps(made, spec, section);
  shuffle(all, seed);
  const double share = options.validation * static_cast<double>(all.size());
  const auto held = std::clamp<int64_t>(static_cast<int64_t>(share), 1, std::ssize(all) - 1);
  made.valid = table_of(shards_of(recorded, {all.begin(), all.begin() + held}, spec, section));
  made.train = shards_of(recorded, {all.begin() + held, all.end()}, spec, section);
  return made;
}

std::unique_ptr<training::Source> source_of(const Demonstrations& recorded,
                                            const DemonstrationOptions& options, int64_t batch_size,
                                            uint64_t seed) {
  if (options.window == 0)
    return std::make_unique<training::Loader>(table_of(recorded.train), batch_size, seed, torch::kCPU);
  const int64_t window = std::min<int64_t>(options.window, std::ssize(recorded.train.rows));
  return std::make_unique<training::ShardLoader>(recorded.train, window, batch_size, seed, torch::kCPU);
}

}  // namespace agents
