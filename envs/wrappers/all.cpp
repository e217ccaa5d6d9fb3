// Changes to what goes into environments and what comes out, by their names in the field.
#include "envs/wrappers/all.h"

#include <algorithm>

#include "core/error.h"
#include "envs/wrappers/actions.h"
#include "envs/wrappers/discretize_action.h"
#include "envs/wrappers/normalize.h"
#include "envs/wrappers/observations.h"
#include "envs/wrappers/pacing.h"
#include "envs/wrappers/partial.h"
#include "envs/wrappers/pictures.h"
#include "envs/wrappers/pixels.h"

namespace envs {

namespace {

template <class W>
WrapperEntry::Factory factory_of() {
  auto params = std::make_shared<typename W::Params>();
  WrapperEntry::Factory factory;
  factory.fields = [params](core::Fields& f) { params->fields(f); };
  factory.wrap = [params](std::unique_ptr<Envs> inner, const std::string& name, EnvPurpose purpose) {
    typename W::Params own = *params;
    if constexpr (requires { own.learns; }) own.learns = purpose != EnvPurpose::evaluation;
    if constexpr (requires { own.raw; }) own.raw = purpose == EnvPurpose::replay;
    return std::make_unique<Wrapped<W>>(own, std::move(inner), name);
  };
  if constexpr (requires { params->moments; })
    factory.statistics = [params](core::Archive& archive, const std::string& name) {
      params->moments->state(archive, name);
    };
  if constexpr (requires { W::transform(*params, static_cast<float*>(nullptr)); })
    factory.transform = [params](float* observation) { W::transform(*params, observation); };
  if constexpr (requires { W::reward_scale(*params); })
    factory.reward_scale = [params] { return W::reward_scale(*params); };
  return factory;
}

template <class W>
WrapperEntry row(std::string name, std::string sentence, std::string source) {
  const bool of_observations = requires(W w, std::byte * row) { w.next(size_t(), row, row); };
  const bool of_rewards = std::is_same_v<W, NormalizeReward> || std::is_same_v<W, TransformReward>;
  return {std::move(name), std::move(sentence), std::move(source),
          of_observations, of_rewards,          factory_of<W>};
}

}  // namespace

const core::Table<WrapperEntry>& wrappers() {
  const std::string gymnasium = "https://gymnasium.farama.org/api/wrappers";
  static const core::Table<WrapperEntry> table(
      "wrapper",
      {
          row<ActionRepeat>("action_repeat", "Takes every action several times and adds the rewards",
                            "Mnih et al. 2015"),
          row<ClipAction>("clip_action", "Takes any action and clips it to the environment's bounds",
                          gymnasium),
          row<Delay>("delay", "Shows what was to be seen some steps ago", gymnasium),
          row<DiscretizeAction>("discretize_action", "Makes a choice of bins of numbers within bounds",
                                gymnasium),
          row<FrameStack>("frame_stack", "Shows the last observations together", "Mnih et al. 2015"),
          row<Grayscale>("grayscale", "Takes the colours from pictures", gymnasium),
          row<MaskVelocity>("mask_velocity", "Shows velocities as 0, so that they must be remembered",
                            "Ni et al. 2022"),
          row<NormalizeObservation>("normalize_observation",
                                    "Centres and scales observations by their running mean and deviation",
                                    gymnasium),
          row<NormalizeReward>("normalize_reward",
                               "Divides rewards by the running deviation of the discounted return",
                               gymnasium),
          row<OneHot>("one_hot", "Shows a state as a vector with a 1 at its number", gymnasium),
          row<Pixels>("pixels", "Shows the environment's drawing", gymnasium),
          row<RescaleAction>("rescale_action", "Takes actions in other bounds and stretches them", gymnasium),
          row<Resize>("resize", "Shows pictures in another size", gymnasium),
          row<StickyAction>("sticky_action", "Repeats the last action now and then", "Machado et al. 2018"),
          row<TimeAware>("time_aware", "Shows how much of the time limit has passed", "Pardo et al. 2018"),
          row<TimeLimit>("time_limit", "Truncates episodes", gymnasium),
          row<TransformReward>("transform_reward", "Scales and clips rewards", "Mnih et al. 2015"),
          row<WhiteNoise>("white_noise", "Adds Gaussian noise to what is seen", "made here"),
      });
  return table;
}

core::TaggedSection WrapperOptions::tagged() {
  const auto choose = [this](const std::string& wanted, const std::string& where) {
    factory = wrappers().at(wanted, where).factory();
    name = wanted;
  };
  return {"name", &name, choose, [this](core::Fields& f) { factory.fields(f); }};
}

static std::string saved_name(size_t k) { return "wrapper" + std::to_string(k + 1); }

std::unique_ptr<Envs> wrap(std::unique_ptr<Envs> envs, const std::vector<WrapperOptions>& list,
                           EnvPurpose purpose) {
  for (size_t k = 0; k < list.size(); ++k)
    if (purpose != EnvPurpose::evaluation || !wrappers().at(list[k].name).of_rewards)
      envs = list[k].factory.wrap(std::move(envs), saved_name(k), purpose);
  return envs;
}

DeferredNormalization deferred_normalization(const std::vector<WrapperOptions>& list) {
  DeferredNormalization deferred;
  const auto check = [](bool free, const std::string& inner, const std::string& outer) {
    core::check(free,
                "env.wrappers: what a replay keeps is changed by {} when it is drawn; expected {} before it, "
                "found it after",
                inner, outer);
  };
  std::string transforming, scaling;
  for (const WrapperOptions& item : list) {
    const WrapperEntry& entry = wrappers().at(item.name);
    check(transforming.empty() || !entry.of_observations, transforming, item.name);
    check(scaling.empty() || !entry.of_rewards, scaling, item.name);
    if (item.factory.transform) {
      transforming = item.name;
      deferred.transform = item.factory.transform;
    }
    if (item.factory.reward_scale) {
      scaling = item.name;
      deferred.reward_scale = item.factory.reward_scale;
    }
  }
  return deferred;
}

void statistics(const std::vector<WrapperOptions>& list, core::Archive& archive) {
  for (size_t k = 0; k < list.size(); ++k)
    if (list[k].factory.statistics) list[k].factory.statistics(archive, saved_name(k) + ".");
}

bool has_statistics(const std::vector<WrapperOptions>& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const auto& item) { return bool(item.factory.statistics); });
}

}  // namespace envs
