#include "commands/import.h"

#include <filesystem>
#include <iostream>
#include <numeric>
#include <optional>

#include "commands/gymnasium_spec.h"
#include "core/error.h"
#include "core/formats/d4rl.h"
#include "core/formats/minari.h"
#include "core/shown.h"
#include "core/whole_file.h"
#include "envs/dataset_layout.h"
#include "envs/episodes.h"
#include "render/player.h"

namespace commands {

namespace {

namespace formats = core::formats;

bool is_ours(const Named& env) { return envs::all().find(env.id) != nullptr && !env.options.empty(); }

core::Value section_of(const Named& env) {
  const envs::Options options = render::env_options({.env_id = env.id, .env_options = env.options});
  return core::parse_yaml(options.yaml(), "env");
}

// Error where Gymnasium's words, which anyone may edit, tell of another environment than Atelier's beside
// them. Both precisions are the same task.
void require_same(const Named& own, const Named& spec, const std::string& path) {
  if (!is_ours(own)) return;
  const core::Value options = core::parse_yaml(own.options, "atelier_env_options");
  const core::Value* id = options.find("id");
  for (const std::string& told : {id ? id->scalar : own.id, spec.id})
    core::check(
        told.empty() || told == own.id,
        "{}: is of {} by atelier_env in data/main_data.hdf5, and of {} by what stands beside it; --env ID "
        "takes neither",
        path, own.id, core::shown_start(told));
  if (spec.options.empty()) return;
  const core::Value here = section_of(own), there = section_of(spec);
  for (const auto& member : here.members) {
    const core::Value* told = there.find(member.key);
    if (member.key == "precision" || (told && core::to_yaml(*told) == core::to_yaml(member.value))) continue;
    core::fail(
        "{}: env_spec in data/metadata.json and atelier_env_options in data/main_data.hdf5 differ in '{}'; "
        "--env ID takes neither",
        path, member.key);
  }
}

// The environment whose rows a dataset holds: as it was asked for, as Atelier wrote it, or as Gymnasium says.
Named named(const ImportCommand& command, const std::string& id, const std::string& options,
            const std::string& env_spec = "") {
  if (command.env.empty()) {
    if (id.empty()) return from_env_spec(env_spec);
    return {.id = id, .options = options.empty() ? "id: " + id : options};
  }
  core::check(envs::all().find(command.env) != nullptr, "--env {}: unknown environment{}", command.env,
              core::suggestion(command.env, envs::all().names()));
  return {.id = command.env, .options = "id: " + command.env};
}

envs::Spec spec_of(const Named& env) {
  return render::make_env({.env_id = env.id, .env_options = env.options})->spec();
}

// Error where an action is none that the environment has: it could not be replayed.
void require_actions(const envs::Spec& spec, const core::Episode& episode, int64_t number) {
  envs::Actions actions;
  if (spec.action.kind == envs::Space::Kind::box)
    actions.continuous = reinterpret_cast<const float*>(episode.actions.data());
  else
    actions.discrete = reinterpret_cast<const int64_t*>(episode.actions.data());
  try {
    envs::check_actions(spec, episode.header.length, actions, "step");
  } catch (const core::Error& error) {
    core::fail("episode {}: {}", number, error.what());
  }
}

// Error where an episode goes on behind its end.
void require_ends(const core::Episode& episode, int64_t number) {
  for (int64_t t = 0; t + 1 < episode.header.length; ++t)
    core::check(!episode.terminated[size_t(t)] && !episode.truncated[size_t(t)],
                "episode {}: ends with step {}, and has {} of them", number, t, episode.header.length);
}

// What a dataset does not say of an episode but its rows do.
void complete(core::Episode& episode) {
  static constexpr std::string_view policy = "imported";
  core::EpisodeHeader& header = episode.header;
  header.episode_return = std::accumulate(episode.rewards.begin(), episode.rewards.end(), 0.0);
  if (header.length > 0) {
    header.terminated = episode.terminated.back();
    header.truncated = episode.truncated.back();
  }
  policy.copy(header.policy, sizeof header.policy - 1);
}

std::string replay_note(const Named& env) {
  if (env.id.empty())
    return "; the dataset names no environment, so that atelier watch cannot replay them (--env ID names "
           "one)";
  if (!env.strange.empty())
    return " of " + core::shown(env.id) + " with " + core::shown(env.strange) +
           ", which ours lacks: atelier watch cannot replay them";
  return is_ours(env)
             ? " of " + env.id + "; atelier watch plays them"
             : " of " + core::shown(env.id) + ", which is not one of ours: atelier watch cannot replay them";
}

int write(const ImportCommand& command, core::EpisodeFormat format, const Named& env, int64_t count,
          const std::function<core::Episode(int64_t)>& read) {
  core::check(!std::filesystem::exists(command.out), "{}: is there already", command.out);
  if (env.strange.empty()) {
    format.env_id = env.id;
    format.env_options = env.options;
  }
  const std::optional<envs::Spec> spec =
      is_ours(env) && env.strange.empty() ? std::optional(spec_of(env)) : std::nullopt;
  core::WholeFile whole(command.out);
  int64_t steps = 0;
  {
    auto log = core::EpisodeLog::create(whole.draft(), format);
    for (int64_t k = 0; k < count; ++k) {
      core::Episode episode = read(k);
      require_ends(episode, k);
      if (spec) require_actions(*spec, episode, k);
      complete(episode);
      log.append(episode);
      steps += episode.header.length;
    }
    log.flush();
  }
  whole.keep();
  std::cout << fmt::format("{}: {} episodes, {} steps{}\n", command.out, count, steps, replay_note(env));
  return 0;
}

// A Tuple of ours may have been written as one array.
formats::Layout layout_here(const formats::MinariReader& reader, const envs::Spec& spec) {
  return envs::layout_of(reader.has_parts() ? envs::gymnasium_observation(spec) : spec.observation,
                         spec.action);
}

int import_minari(const ImportCommand& command) {
  const formats::MinariReader reader(command.path);
  const Named env = named(command, reader.env_id(), reader.env_options(), reader.env_spec());
  if (command.env.empty()) require_same(env, from_env_spec(reader.env_spec()), command.path);
  core::EpisodeFormat format;
  formats::Layout layout;
  if (is_ours(env)) {
    const envs::Spec spec = spec_of(env);
    format = envs::episode_rows(spec);
    layout = layout_here(reader, spec);
  } else {
    layout = reader.guess_layout();
    format = reader.guess_format(layout);
  }
  return write(command, format, env, reader.count(),
               [&](int64_t k) { return reader.read(k, format, layout); });
}

// Some files tell neither environment nor timeouts: then --env also gives the time limit.
int import_d4rl(const ImportCommand& command) {
  const int64_t limit = command.env.empty() ? 0 : spec_of(named(command, "", "")).max_episode_steps;
  const formats::D4rlReader reader(command.path, limit);
  const Named env = named(command, reader.env_id(), reader.env_options());
  const core::EpisodeFormat format = is_ours(env) ? envs::episode_rows(spec_of(env)) : reader.guess_format();
  if (!reader.whole())
    std::cout << command.path
              << ": keeps no last observations (no next_observations); each episode repeats the one before\n";
  return write(command, format, env, reader.count(), [&](int64_t k) { return reader.read(k, format); });
}

}  // namespace

int import_episodes(const ImportCommand& command) {
  core::check(std::filesystem::exists(command.path), "{}: no such file or folder", command.path);
  return std::filesystem::is_directory(command.path) ? import_minari(command) : import_d4rl(command);
}

}  // namespace commands
