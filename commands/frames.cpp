#include "commands/frames.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>

#include "agents/tensors.h"
#include "core/episodes.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/random.h"
#include "envs/wrappers/pixels.h"
#include "render/player.h"
#include "training/data/loader.h"

namespace commands {

namespace {

constexpr int64_t longest = 10000;  // steps of an episode, where the environment has no limit of its own

// An episode to be played: where it begins, and what is done at step t, or that it ends there (false).
struct EpisodePlan {
  uint64_t seed = 0;
  std::function<bool(int64_t t, const std::byte* obs, envs::ActionOut)> act;
};
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

// What the numbers of an observation are called; none where it is a picture or made of parts.
std::vector<std::string> names_of(const envs::Options& env, const envs::Space& observation) {
  if (observation.is_discrete()) return {"state"};
  if (observation.dtype != envs::Dtype::float32 || observation.shape.size() != 1) return {};
  const auto& known = envs::all().at(env.id).description.observation_names;
  std::vector<std::string> names;
  for (size_t i = 0; i < size_t(observation.size()); ++i) {
    const bool named = env.wrappers.empty() && i < known.size() && known[i];
    names.push_back(named ? known[i] : std::to_string(i));
  }
  return names;
}

// Where in the observation the targets stand, each by its name or its number.
std::vector<int64_t> places_of(const std::vector<std::string>& targets, const std::vector<std::string>& names,
                               const std::string& id) {
  std::vector<int64_t> places;
  for (const std::string& target : targets) {
    int64_t place = std::find(names.begin(), names.end(), target) - names.begin();
    for (int64_t i = 0; i < std::ssize(names); ++i)
      if (target == std::to_string(i)) place = i;
    core::check(place < std::ssize(names), "data.targets: an observation of {} has no '{}'{}", id, target,
                core::suggestion(target, names));
    places.push_back(place);
  }
  return places;
}

// One environment, the canvas that it is drawn on, and the frames that have been gathered.
class FrameRecorder {
 public:
  FrameRecorder(const Frames& options, const envs::Options& env)
      : options_(options), envs_(env.make(1, envs::EnvPurpose::evaluation)) {
    core::check(bool(envs::offscreen()), "data: frames needs a canvas, which this program does not have");
    canvas_ = envs::offscreen()(int(options.width), int(options.height));
    envs_->autoreset(false);  // the last picture is of the end, not of a new beginning
    obs_.resize(spec().observation.bytes());
    names_ = names_of(env, spec().observation);
  }

  const envs::Spec& spec() const { return envs_->spec(); }
  void play(const EpisodePlan& plan, int64_t episode);
  training::Dataset frames() const;

 private:
  bool step(const EpisodePlan& plan, int64_t t);  // false where the plan has ended
  void keep(int64_t episode, int64_t t);
  void keep_state();
  void set_targets(training::Dataset& set, const torch::Tensor& state) const;

  int64_t channels() const { return options_.colour == "rgb" ? 3 : 1; }

  const Frames& options_;
  std::unique_ptr<envs::Envs> envs_;
  envs::OffscreenCanvas canvas_;
  std::vector<std::byte> obs_;
  bool ended_ = false;
  std::vector<std::string> names_;
  std::vector<uint8_t> pixels_;
  std::vector<float> states_;
  std::vector<int64_t> episodes_, times_;
};

void FrameRecorder::play(const EpisodePlan& plan, int64_t episode) {
  core::heed_signals();
  core::foresee_memory(
      2 * double(pixels_.size()),
      fmt::format("data: {} frames of {} x {} pixels", times_.size(), options_.width, options_.height));
  envs_->reset(plan.seed, obs_.data());
  ended_ = false;
  keep(episode, 0);
  for (int64_t t = 0; !ended_ && t < longest && step(plan, t); ++t) keep(episode, t + 1);
}

bool FrameRecorder::step(const EpisodePlan& plan, int64_t t) {
  const auto width = size_t(spec().action.size());
  std::vector<int64_t> discrete(width);
  std::vector<float> continuous(width);
  if (!plan.act(t, obs_.data(), {discrete.data(), continuous.data()})) return false;
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  envs_->step({discrete.data(), continuous.data()},
              {.obs = obs_.data(), .reward = &reward, .terminated = &terminated, .truncated = &truncated});
  ended_ = terminated || truncated;
  return true;
}

void FrameRecorder::keep(int64_t episode, int64_t t) {
  if (t % options_.every != 0) return;
  envs_->draw(0, *canvas_.canvas);
  const size_t at = pixels_.size();
  pixels_.resize(at + size_t(channels() * options_.width * options_.height));
  envs::copy_pixels(canvas_.image(), options_.colour, pixels_.data() + at);
  keep_state();
  episodes_.push_back(episode), times_.push_back(t);
}

void FrameRecorder::keep_state() {
  if (names_.empty()) return;
  const envs::Space& space = spec().observation;
  const size_t at = states_.size();
  states_.resize(at + names_.size());
  if (space.is_discrete())
    states_[at] = float(agents::index_at(space, obs_.data()));
  else
    envs::flat_view(space, obs_.data(), states_.data() + at);
}

void FrameRecorder::set_targets(training::Dataset& set, const torch::Tensor& state) const {
  const std::vector<int64_t> places = places_of(options_.targets, names_, spec().id);
  if (places.empty()) return;
  if (!spec().observation.is_discrete()) {
    set.rows.set(training::column::targets, state.index_select(1, torch::tensor(places)));
    for (const int64_t place : places) set.numbers.push_back(names_[size_t(place)]);
    return;
  }
  set.rows.set(training::column::targets, state.select(1, 0).to(torch::kInt64));
  for (int64_t k = 0; k < spec().observation.n[0]; ++k) set.classes.push_back(std::to_string(k));
}

template <class T>
torch::Tensor tensor_of(const std::vector<T>& values, const std::vector<int64_t>& shape) {
  const torch::Tensor tensor = torch::empty(shape, c10::CppTypeToScalarType<T>::value);
  std::copy(values.begin(), values.end(), tensor.data_ptr<T>());
  return tensor;
}

training::Dataset FrameRecorder::frames() const {
  const auto M = std::ssize(times_), N = std::ssize(names_);
  const torch::Tensor pixels = tensor_of(pixels_, {M, options_.height, options_.width, channels()}),
                      state = tensor_of(states_, {M, N});
  training::Dataset set(pixels.permute({0, 3, 1, 2}).contiguous(), {});
  set_targets(set, state);
  if (N > 0) set.rows.set(training::column::state, state);
  set.rows.set("episode", tensor_of(episodes_, {M}));
  set.rows.set("time", tensor_of(times_, {M}));
  return set;
}

// All episodes that are asked for, by their numbers: those of the test first, so that learning from more does
// not change it.
struct Episodes {
  envs::Options env;
  EpisodePlans plans;
};

Episodes policy_episodes(const Frames& options) {
  core::check(!options.env.id.empty(), "data.env: expected an environment to play, or data.file");
  const envs::Space actions = options.env.make(1, envs::EnvPurpose::evaluation)->spec().action;
  const auto plan = [&options, actions](int64_t episode) {
    const uint64_t seed = core::mix(uint64_t(options.seed), {"episode", episode});
    return policy_episode(options.env, actions, options.policy, seed);
  };
  return {options.env, plan};
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
  f.chosen("env", env.chosen(), "What is played, unless `file` is given");
  f.add("file", file, "Recorded episodes to replay instead: an episodes.h5", {.path = true});
  f.choice("policy", policy, "Who plays: random, or the environment's hand-written heuristic",
           {"random", "heuristic"});
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
  const Episodes episodes = file.empty() ? policy_episodes(*this) : recorded_episodes(*this, all);
  const auto part = [&](int64_t first, int64_t last) {
    FrameRecorder recorder(*this, episodes.env);
    for (int64_t episode = first; episode < last; ++episode) recorder.play(episodes.plans(episode), episode);
    return recorder.frames();
  };
  training::data::Data data{{}, {}, part(0, test_episodes), {}};
  data.valid = part(test_episodes, test_episodes + valid), data.train = part(test_episodes + valid, all);
  return data;
}

training::data::Entry frames() {
  return {"frames", "Pictures of an environment at play, and what its observation says of each", "made here",
          training::data::factory<Frames>};
}

}  // namespace commands
