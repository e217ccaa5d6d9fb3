#include "agents/offline/demonstrations.h"

#include <algorithm>
#include <numeric>

#include "agents/offline/recordings.h"
#include "agents/tensors.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"

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
}

namespace {

using Episodes = std::vector<core::Episode>;

double return_of(const core::Episode& episode) {
  return std::accumulate(episode.rewards.begin(), episode.rewards.end(), 0.0);
}

// The last ones first; as many as are asked for.
Episodes chosen(const Recordings& recorded, const DemonstrationOptions& options, const std::string& section) {
  const int64_t most = options.episodes > 0 ? options.episodes : recorded.count;
  Episodes all;
  for (int64_t k = recorded.count - 1; k >= 0 && std::ssize(all) < most; --k) {
    core::Episode episode = recorded.read(k);
    if (options.min_return && return_of(episode) < *options.min_return) continue;
    if (episode.header.length > 0) all.push_back(std::move(episode));
  }
  core::check(all.size() >= 2,
              "{}: expected two episodes or more, to learn from and to choose by, found {} of {}{}", section,
              all.size(), recorded.count,
              options.min_return ? fmt::format(" with a return of {} or more", *options.min_return) : "");
  return all;
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

// All steps of episodes first .. last - 1, without where they ended.
training::Dataset steps_of(const Episodes& all, size_t first, size_t last, const envs::Spec& spec,
                           const std::string& section) {
  int64_t M = 0;
  for (size_t k = first; k < last; ++k) M += all[k].header.length;
  const torch::Tensor observations = observation_tensor(spec, {M}), actions = action_tensor(spec, {M});
  std::byte *seen = bytes(observations), *taken = bytes(actions);
  for (size_t k = first; k < last; ++k) {
    const auto size = all[k].header.length * static_cast<int64_t>(spec.observation.bytes());
    seen = std::copy_n(all[k].observations.begin(), size, seen);
    taken = std::copy(all[k].actions.begin(), all[k].actions.end(), taken);
  }
  check_observations(observations, spec, section);
  check_actions(actions, spec, section);
  return {for_net(observations, spec), actions};
}

// What the nets read of all steps, beside the episodes themselves.
void require_steps(const Episodes& all, const envs::Spec& spec, const std::string& section) {
  double steps = 0;
  for (const core::Episode& episode : all) steps += static_cast<double>(episode.header.length);
  const double row = static_cast<double>(spec.observation.bytes() + spec.action.bytes()) +
                     4 * static_cast<double>(spec.observation.net_width());
  core::require_memory(row * steps, fmt::format("{}: {} steps of {}", section, steps, spec.id));
}

void shuffle(Episodes& all, uint64_t seed) {
  core::Pcg64 random(seed);
  for (auto i = std::ssize(all) - 1; i > 0; --i)
    std::swap(all[static_cast<size_t>(i)], all[static_cast<size_t>(random.integers(0, i + 1))]);
}

}  // namespace

Demonstrations demonstrations(const std::string& section, const DemonstrationOptions& options,
                              const envs::Options& env, uint64_t seed) {
  static constexpr int64_t usual = 100;  // of the hand-written policy
  const envs::Spec spec = env.make(1, envs::EnvPurpose::evaluation)->spec();
  Episodes all =
      chosen(options.file.empty() ? heuristic_play(env, options.episodes > 0 ? options.episodes : usual)
                                  : recordings(options.file, spec),
             options, section);
  require_steps(all, spec, section);
  shuffle(all, seed);
  const double share = options.validation * static_cast<double>(all.size());
  const auto held = std::clamp<size_t>(static_cast<size_t>(share), 1, all.size() - 1);
  Demonstrations made{.train = steps_of(all, held, all.size(), spec, section),
                      .valid = steps_of(all, 0, held, spec, section),
                      .episodes = std::ssize(all)};
  for (const core::Episode& episode : all)
    made.mean_return += return_of(episode) / static_cast<double>(all.size());
  return made;
}

}  // namespace agents
