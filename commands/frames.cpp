#include "commands/frames.h"

#include <cstring>
#include <functional>
#include <memory>

#include "agents/all.h"
#include "commands/frame_recorder.h"
#include "core/episodes.h"
#include "core/error.h"
#include "core/random.h"
#include "core/run_folder.h"
#include "render/player.h"
#include "training/data/loader.h"
#include "training/loop/checkpoint.h"

namespace commands {

namespace {

using EpisodePlans = std::function<EpisodePlan(int64_t episode)>;

EpisodePlan policy_episode(const envs::Options& env, const envs::Space& actions, const std::string& policy,
                           uint64_t seed) {
  if (policy == "heuristic")
    return {seed, [play = env.heuristic()](int64_t, const std::byte* obs, envs::ActionOut out) {
              play(obs, out);
              return true;
            }};
  return {seed, [actions, random = core::Pcg64(core::mix(seed, {"random_policy"}))](
                    int64_t, const std::byte*, envs::ActionOut out) mutable {
            envs::sample(actions, random, out.discrete, out.continuous);
            return true;
          }};
}

EpisodePlan recorded_episode(core::Episode episode, const envs::Space& actions, const std::string& file) {
  const bool box = actions.kind == envs::Space::Kind::box;
  const size_t bytes = size_t(actions.size()) * (box ? sizeof(float) : sizeof(int64_t));
  core::check(episode.actions.size() == bytes * size_t(episode.header.length),
              "data.file: {}: the actions of episode {} are not in {}", file, episode.header.episode,
              actions.str());
  const uint64_t seed = episode.header.seed;
  return {seed, [whole = std::move(episode), box, bytes](int64_t t, const std::byte*, envs::ActionOut out) {
            if (t == whole.header.length) return false;
            std::memcpy(box ? static_cast<void*>(out.continuous) : out.discrete,
                        whole.actions.data() + size_t(t) * bytes, bytes);
            return true;
          }};
}

// All episodes that are asked for, by their numbers: those of the test first, so that learning from more does
// not change it.
struct Episodes {
  envs::Options env;
  EpisodePlans plans;
};

// How a trained agent plays, greedily.
class TrainedPlayer {
 public:
  explicit TrainedPlayer(const std::filesystem::path& run)
      : session_(training::load_trained(run / (core::held_checkpoint(run) + ".h5"),
                                        {agents::all(), no_models()})) {}

  core::Episode play(uint64_t seed) {
    core::Episode played;
    const auto record = [&](const core::EpisodeFormat& format, core::Episode& episode) {
      format_ = format, played = std::move(episode);
    };
    session_.evaluate({.seed = seed, .episodes = 1, .greedy = true, .sampled = false},
                      {[](const std::string&, double) {}, record});
    return played;
  }
  const core::EpisodeFormat& format() const { return format_; }  // of the latest

 private:
  static const core::Table<training::Entry>& no_models() {
    static const core::Table<training::Entry> none("model", {});
    return none;
  }

  training::Session session_;
  core::EpisodeFormat format_;
};

uint64_t seed_of(const Frames& options, int64_t episode) {
  return core::mix(uint64_t(options.seed), {"episode", episode});
}

Episodes policy_episodes(const Frames& options) {
  core::check(!options.env.id.empty(), "data.env: expected an environment to play, data.file or data.run");
  const envs::Space actions = options.env.make(1, envs::EnvPurpose::evaluation)->spec().action;
  return {options.env, [&options, actions](int64_t episode) {
            return policy_episode(options.env, actions, options.policy, seed_of(options, episode));
          }};
}

Episodes trained_episodes(const Frames& options) {
  core::check(options.env.id.empty() && options.file.empty(), "data: expected one of run, file and env");
  const auto player = std::make_shared<TrainedPlayer>(core::find_run(options.run));
  player->play(0);
  const envs::Options env = render::env_options(player->format());
  const envs::Space actions = env.make(1, envs::EnvPurpose::evaluation)->spec().action;
  return {env, [player, actions, &options](int64_t episode) {
            return recorded_episode(player->play(seed_of(options, episode)), actions, options.run);
          }};
}

Episodes recorded_episodes(const Frames& options, int64_t episodes) {
  core::check(options.env.id.empty(), "data: expected env or file, found both");
  const auto file = std::make_shared<core::EpisodeFile>(options.file);
  const int64_t held = std::ssize(file->headers());
  core::check(episodes <= held,
              "data.file: {} holds {} episodes, {} are asked for (data.train_episodes and the "
              "like)",
              options.file, held, episodes);
  const envs::Options env = render::env_options(file->format());
  const envs::Space actions = env.make(1, envs::EnvPurpose::evaluation)->spec().action;
  const torch::Tensor order = training::shuffled(held, core::mix(uint64_t(options.seed), {"episodes"}));
  return {env, [file, actions, order, name = options.file](int64_t episode) {
            const auto index = size_t(order.data_ptr<int64_t>()[episode]);
            return recorded_episode(file->read(index), actions, name);
          }};
}

}  // namespace

void Frames::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "What is played, unless `file` is given");
  f.add("file", file, "Recorded episodes to replay instead: an episodes.h5", {.path = true});
  f.choice("policy", policy, "Who plays: random, or the environment's hand-written heuristic",
           {"random", "heuristic"});
  f.add("run", run, "Or a trained agent, the run's folder, which plays greedily what it has learned",
        {.path = true});
  f.add("labels", labels,
        "Adds the columns mask, boxes, centres and labels: where the objects of the picture are seen");
  f.add(
      "targets", targets,
      "Numbers of the observation to be read from the picture, by name (CartPole-v1: position, speed, angle, "
      "angular speed) or place, 0 the first; a Discrete observation is the class `state`; []: none");
  f.add("width", width, "Of a picture", {.min = 1, .max = 1024, .unit = "pixels"});
  f.add("height", height, "Of a picture", {.min = 1, .max = 1024, .unit = "pixels"});
  f.choice("colour", colour, "grey: one channel by luminance; rgb: three", {"grey", "rgb"});
  f.add("every", every, "Distance of the pictures within an episode, from its first",
        {.min = 1, .unit = "steps"});
  f.add("train_episodes", train_episodes, "To learn from", {.min = 1, .max = 1e6, .unit = "episodes"});
  f.add("valid_episodes", valid_episodes, "To choose by; null: as many as are tested on",
        {.min = 1, .max = 1e6, .unit = "episodes"});
  f.add("test_episodes", test_episodes, "To be tested on", {.min = 1, .max = 1e6, .unit = "episodes"});
  f.add("seed", seed, "Of these episodes; the run's own seed does not change them", {.min = 0});
}

training::data::Data Frames::load() const {
  const int64_t valid = valid_episodes.value_or(test_episodes), all = test_episodes + valid + train_episodes;
  const Episodes episodes = !run.empty()   ? trained_episodes(*this)
                            : file.empty() ? policy_episodes(*this)
                                           : recorded_episodes(*this, all);
  std::vector<std::string> kinds;
  const auto part = [&](int64_t first, int64_t last) {
    FrameRecorder recorder(*this, episodes.env, kinds);
    for (int64_t episode = first; episode < last; ++episode) recorder.play(episodes.plans(episode), episode);
    return recorder.frames();
  };
  training::data::Data data{{}, {}, part(0, test_episodes), {}};
  data.valid = part(test_episodes, test_episodes + valid), data.train = part(test_episodes + valid, all);
  for (training::Dataset* set : {&data.train, &data.valid, &data.test}) set->kinds = kinds;
  return data;
}

training::data::Entry frames() {
  return {"frames", "Pictures of an environment at play, and what its observation says of each", "made here",
          training::data::factory<Frames>};
}

}  // namespace commands
