// Changes to what goes into environments and what comes out, by their names in the field.
#include "envs/wrappers/all.h"

#include <algorithm>

#include "core/error.h"
#include "envs/wrappers/actions.h"
#include "envs/wrappers/normalize.h"
#include "envs/wrappers/observations.h"
#include "envs/wrappers/pacing.h"
#include "envs/wrappers/pixels.h"

namespace envs {

namespace {

template <class W>
WrapperEntry::Blueprint blueprint_of() {
  auto params = std::make_shared<typename W::Params>();
  WrapperEntry::Blueprint print;
  print.fields = [params](core::Fields& f) { params->fields(f); };
  print.wrap = [params](std::unique_ptr<Envs> inner, const std::string& name, Use use) {
    typename W::Params own = *params;
    if constexpr (requires { own.learns; }) own.learns = use != Use::judging;
    if constexpr (requires { own.raw; }) own.raw = use == Use::replaying;
    return std::make_unique<Wrapped<W>>(own, std::move(inner), name);
  };
  if constexpr (requires { params->moments; })
    print.statistics = [params](core::Archive& archive, const std::string& name) {
      params->moments->state(archive, name);
    };
  if constexpr (requires { W::turn(*params, static_cast<float*>(nullptr)); })
    print.turn = [params](float* observation) { W::turn(*params, observation); };
  if constexpr (requires { W::reward_scale(*params); })
    print.reward_scale = [params] { return W::reward_scale(*params); };
  return print;
}

template <class W>
WrapperEntry row(std::string name, std::string sentence, std::string source) {
  const bool of_observations = requires(W w, std::byte * row) { w.next(size_t(), row, row); };
  const bool of_rewards = std::is_same_v<W, NormalizeReward> || std::is_same_v<W, TransformReward>;
  return {std::move(name), std::move(sentence), std::move(source),
          of_observations, of_rewards,          blueprint_of<W>};
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
          row<FrameStack>("frame_stack", "Shows the last observations together", "Mnih et al. 2015"),
          row<NormalizeObservation>("normalize_observation",
                                    "Centres and scales observations by their running mean and deviation",
                                    gymnasium),
          row<NormalizeReward>("normalize_reward",
                               "Divides rewards by the running deviation of the discounted return",
                               gymnasium),
          row<OneHot>("one_hot", "Shows a state as a vector with a 1 at its number", gymnasium),
          row<Pixels>("pixels", "Shows the environment's drawing", gymnasium),
          row<RescaleAction>("rescale_action", "Takes actions in other bounds and stretches them", gymnasium),
          row<StickyAction>("sticky_action", "Repeats the last action now and then", "Machado et al. 2018"),
          row<TimeAware>("time_aware", "Shows how much of the time limit has passed", "Pardo et al. 2018"),
          row<TimeLimit>("time_limit", "Truncates episodes", gymnasium),
          row<TransformReward>("transform_reward", "Scales and clips rewards", "Mnih et al. 2015"),
      });
  return table;
}

core::Chosen WrapperOptions::chosen() {
  const auto choose = [this](const std::string& wanted, const std::string& where) {
    blueprint = wrappers().at(wanted, where).blueprint();
    name = wanted;
  };
  return {"name", &name, choose, [this](core::Fields& f) { blueprint.fields(f); }};
}

static std::string saved_name(size_t k) { return "wrapper" + std::to_string(k + 1); }

std::unique_ptr<Envs> wrap(std::unique_ptr<Envs> envs, const std::vector<WrapperOptions>& list, Use use) {
  for (size_t k = 0; k < list.size(); ++k)
    if (use != Use::judging || !wrappers().at(list[k].name).of_rewards)
      envs = list[k].blueprint.wrap(std::move(envs), saved_name(k), use);
  return envs;
}

Later later(const std::vector<WrapperOptions>& list) {
  Later later;
  const auto check = [](bool free, const std::string& inner, const std::string& outer) {
    core::check(free,
                "env.wrappers: what a replay keeps is changed by {} when it is drawn; expected {} before it, "
                "found it after",
                inner, outer);
  };
  std::string turning, scaling;
  for (const WrapperOptions& item : list) {
    const WrapperEntry& entry = wrappers().at(item.name);
    check(turning.empty() || !entry.of_observations, turning, item.name);
    check(scaling.empty() || !entry.of_rewards, scaling, item.name);
    if (item.blueprint.turn) turning = item.name, later.turn = item.blueprint.turn;
    if (item.blueprint.reward_scale) scaling = item.name, later.reward_scale = item.blueprint.reward_scale;
  }
  return later;
}

void statistics(const std::vector<WrapperOptions>& list, core::Archive& archive) {
  for (size_t k = 0; k < list.size(); ++k)
    if (list[k].blueprint.statistics) list[k].blueprint.statistics(archive, saved_name(k) + ".");
}

bool has_statistics(const std::vector<WrapperOptions>& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const auto& item) { return bool(item.blueprint.statistics); });
}

}  // namespace envs
