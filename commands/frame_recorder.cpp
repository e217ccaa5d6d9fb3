#include "commands/frame_recorder.h"

#include <algorithm>

#include "agents/tensors.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "core/nearest.h"

namespace commands {

namespace {

constexpr int64_t longest = 10000;  // steps of an episode, where the environment has no limit of its own

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

template <class T>
torch::Tensor tensor_of(const std::vector<T>& values, const std::vector<int64_t>& shape) {
  const torch::Tensor tensor = torch::empty(shape, c10::CppTypeToScalarType<T>::value);
  std::copy(values.begin(), values.end(), tensor.data_ptr<T>());
  return tensor;
}

// The place of a name, which is added where it is new.
int64_t place_of(const std::string& name, std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  const int64_t place = found - names.begin();
  if (found == names.end()) names.push_back(name);
  return place;
}

}  // namespace

FrameRecorder::FrameRecorder(const Frames& options, const envs::Options& env, std::vector<std::string>& kinds)
    : options_(options), kinds_(kinds), envs_(env.make(1, envs::EnvPurpose::evaluation)) {
  core::check(bool(envs::offscreen()), "data: frames needs a canvas, which this program does not have");
  canvas_ = envs::offscreen()(int(options.width), int(options.height));
  if (options.labels) objects_.emplace(int(options.width), int(options.height));
  envs_->autoreset(false);  // the last picture is of the end, not of a new beginning
  obs_.resize(spec().observation.bytes());
  names_ = names_of(env, spec().observation);
}

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
  canvas_.read(int(channels()), pixels_.data() + at);
  keep_state();
  keep_labels();
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

void FrameRecorder::keep_labels() {
  if (!objects_) return;
  const size_t at = mask_.size();
  mask_.resize(at + size_t(area()));
  for (const SeenObject& object : objects_->look(*envs_, 0, mask_.data() + at)) {
    labels_.push_back(place_of(object.kind, kinds_));
    boxes_.insert(boxes_.end(), object.box.begin(), object.box.end());
    centres_.insert(centres_.end(), object.centre.begin(), object.centre.end());
  }
  offsets_.push_back(std::ssize(labels_));
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

void FrameRecorder::set_labels(training::Dataset& set) const {
  if (!objects_) return;
  const auto n = std::ssize(labels_);
  const torch::Tensor offsets = torch::tensor(offsets_);
  set.rows.set(training::column::mask,
               tensor_of(mask_, {std::ssize(times_), options_.height, options_.width}).to(torch::kBool));
  set.rows.set(training::column::boxes, tensor_of(boxes_, {n, 4}), offsets);
  set.rows.set(training::column::centres, tensor_of(centres_, {n, 2}), offsets);
  set.rows.set(training::column::labels, tensor_of(labels_, {n}), offsets);
}

training::Dataset FrameRecorder::frames() const {
  const auto M = std::ssize(times_), N = std::ssize(names_);
  const torch::Tensor pixels = tensor_of(pixels_, {M, options_.height, options_.width, channels()}),
                      state = tensor_of(states_, {M, N});
  training::Dataset set(pixels.permute({0, 3, 1, 2}).contiguous(), {});
  set_targets(set, state);
  set_labels(set);
  if (N > 0) set.rows.set(training::column::state, state);
  set.rows.set("episode", tensor_of(episodes_, {M}));
  set.rows.set("time", tensor_of(times_, {M}));
  return set;
}

}  // namespace commands
