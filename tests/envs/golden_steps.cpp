// Single steps of classic control, on the environments' own structs.
#include <cmath>

#include "envs/classic_control/acrobot.h"
#include "envs/classic_control/cartpole.h"
#include "envs/classic_control/mountain_car.h"
#include "envs/classic_control/mountain_car_continuous.h"
#include "envs/classic_control/pendulum.h"
#include "envs/columns.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

template <class Env>
struct Replay {
  using State = typename Env::State;
  const GoldenFile& file;
  Env env;
  core::Pcg64 random;
  State free{};  // running free since the episode began
  double worst = 0;

  // Fields that are not recorded (of drawings) are 0.
  static State state(const std::vector<double>& numbers) {
    double fields[envs::field_count<State>] = {};
    std::copy(numbers.begin(), numbers.end(), fields);
    return envs::gather<State>(reinterpret_cast<const uint64_t*>(fields), 1);
  }
  static double distance(const State& s, const std::vector<double>& numbers) {
    uint64_t fields[envs::field_count<State>];
    envs::scatter(s, fields, 1);
    double worst = 0;
    for (size_t k = 0; k < numbers.size(); ++k)
      worst = std::max(worst, std::abs(std::bit_cast<double>(fields[k]) - numbers[k]));
    return worst;
  }

  bool equal_obs(const State& s, size_t row) const {
    const auto obs = env.observe(s);
    uint32_t fields[sizeof(obs) / 4];
    envs::scatter(obs, fields, 1);
    const auto recorded = file.numbers(row, "o");
    bool equal = recorded.size() == sizeof(obs) / 4;
    for (size_t k = 0; equal && k < recorded.size(); ++k)
      equal = std::bit_cast<float>(fields[k]) == float(recorded[k]);
    return equal;
  }

  // Whether `row` does not go on from the row before.
  bool begins(size_t row) const {
    return row == 0 || file.number(row, "t") != file.number(row - 1, "t") + 1 ||
           file.text(row, "episode") != file.text(row - 1, "episode");
  }

  void check(size_t row) {
    const auto action = typename Env::Action(file.number(row, "action"));
    State s = state(file.numbers(row, "s"));
    if (begins(row)) free = s;
    const envs::Outcome outcome = env.step(s, action, random);
    env.step(free, action, random);
    worst = std::max(worst, distance(free, file.numbers(row, "n")));

    const double error = distance(s, file.numbers(row, "n"));
    if (!(error <= 1e-15)) FAIL_CHECK(file.where(row) << ": the state after the step differs by " << error);
    if (!equal_obs(s, row)) FAIL_CHECK(file.where(row) << ": the observation differs");
    if (outcome.reward != float(file.number(row, "reward")))
      FAIL_CHECK(file.where(row) << ": the reward differs");
    if (outcome.terminated != int32_t(file.number(row, "terminated")))
      FAIL_CHECK(file.where(row) << ": terminated differs");
  }
};

// `drift`: what a free run of a whole episode may differ by; last bits of sine and cosine grow.
template <template <class> class Env>
void replay(const GoldenFile& file, double drift) {
  auto params = Env<envs::Exact>{}.p;
  core::read_options(params, file.options, file.name + ".json");
  Replay<Env<envs::Exact>> replay{file, Env<envs::Exact>{params}, core::Pcg64(0)};
  for (size_t row = 0; row < file.rows.size(); ++row) replay.check(row);
  if (!(replay.worst <= drift)) FAIL_CHECK(file.name << ": free episodes differ by " << replay.worst);
}

}  // namespace

void check_steps(const GoldenFile& file, const envs::Entry& entry) {
  if (entry.name == "Acrobot-v1")
    replay<envs::Acrobot>(file, 6e-9);
  else if (entry.name.starts_with("CartPole-"))
    replay<envs::CartPole>(file, 2e-10);
  else if (entry.name == "MountainCar-v0")
    replay<envs::MountainCar>(file, 0);
  else if (entry.name == "MountainCarContinuous-v0")
    replay<envs::MountainCarContinuous>(file, 0);
  else if (entry.name == "Pendulum-v1")
    replay<envs::Pendulum>(file, 0);
  else
    FAIL_CHECK(file.name << ": golden_steps.cpp has no line for " << entry.name);
}

}  // namespace tests
