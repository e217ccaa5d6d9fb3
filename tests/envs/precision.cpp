// fast against exact: one text, two number types.
#include "envs/precision.h"

#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "envs/batched.h"
#include "envs/classic_control/acrobot.h"
#include "envs/classic_control/cartpole.h"
#include "envs/classic_control/mountain_car.h"
#include "envs/classic_control/mountain_car_continuous.h"
#include "envs/classic_control/pendulum.h"
#include "envs/columns.h"
#include "envs/toy_text/frozenlake.h"
#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::precision {

// Gymnasium's first states of Acrobot are float32, and so are their cosines and sines: seeds for which these
// differ in the last bit from the rounded double ones, by NumPy 1.24 on a processor with AVX2.
TEST_CASE("Acrobot's first observations are NumPy's of float32", "[envs][golden]") {
  struct First {
    uint64_t seed;
    std::array<float, 6> obs;
  };
  static constexpr First recorded[] = {
      {835,
       {0x1.feb4d4p-1f, 0x1.22fbfep-4f, 0x1.ff990cp-1f, 0x1.44a13cp-5f, -0x1.261314p-5f, -0x1.2057cap-4f}},
      {1506,
       {0x1.fe357ep-1f, -0x1.564e2cp-4f, 0x1.fe1b88p-1f, 0x1.5fd82p-4f, 0x1.150a16p-6f, -0x1.66d692p-6f}},
      {1692,
       {0x1.fdf3e2p-1f, -0x1.6deec6p-4f, 0x1.fff45p-1f, -0x1.b5a78p-7f, -0x1.ca4128p-6f, -0x1.220fa2p-4f}},
      {2841,
       {0x1.fe53d2p-1f, 0x1.4acf32p-4f, 0x1.fe494p-1f, -0x1.4edc14p-4f, 0x1.924328p-4f, -0x1.6251cap-5f}},
      {4658,
       {0x1.fde5d8p-1f, 0x1.72c9ep-4f, 0x1.fe7daep-1f, 0x1.3a3fd6p-4f, -0x1.42153ap-5f, -0x1.1217a0p-4f}}};
  for (const First& first : recorded) {
    const envs::Acrobot<envs::Exact> acrobot;
    auto env = envs::batch(acrobot, acrobot.spec(), 1);
    std::array<float, 6> obs;
    env.reset(first.seed, reinterpret_cast<std::byte*>(obs.data()));
    INFO("seed " << first.seed);
    CHECK(obs == first.obs);
  }
}

namespace {

template <class S>
auto words(const S& s) {
  std::array<envs::WordOf<S>, envs::field_count<S>> all;
  envs::scatter(s, all.data(), 1);
  return all;
}

// Steps the fast twin once from every state of random exact episodes; the largest error of each field,
// relative to the largest value that the field took. A whole turn between two angles is no error.
template <template <class> class Env>
double worst_error(std::function<typename Env<envs::Exact>::Action(core::Pcg64&)> draw) {
  using Exact = typename Env<envs::Exact>::State;
  using Fast = typename Env<envs::Fast>::State;
  constexpr size_t fields = envs::field_count<Exact>;
  const Env<envs::Exact> exact{};
  const Env<envs::Fast> fast{};
  core::Pcg64 random(4);
  core::Philox counter(0, 0, 0);
  std::array<double, fields> error{}, scale{};
  for (int episode = 0; episode < 200; ++episode) {
    Exact s = exact.reset(random);
    for (int t = 0; t < 100; ++t) {
      std::array<uint32_t, fields> narrow{};
      for (size_t k = 0; k < fields; ++k)
        narrow[k] = std::bit_cast<uint32_t>(float(std::bit_cast<double>(words(s)[k])));
      Fast f = envs::gather<Fast>(narrow.data(), 1);
      const auto action = draw(random);
      fast.step(f, action, counter);
      const bool ended = exact.step(s, action, random).terminated;
      for (size_t k = 0; k < fields; ++k) {
        const double value = std::bit_cast<double>(words(s)[k]),
                     near = double(std::bit_cast<float>(words(f)[k]));
        const double apart = std::abs(value - near);
        error[k] = std::max(error[k], std::min(apart, std::abs(apart - 2 * std::numbers::pi)));
        scale[k] = std::max(scale[k], std::abs(value));
      }
      if (ended) break;
    }
  }
  double worst = 0;
  for (size_t k = 0; k < fields; ++k) worst = std::max(worst, error[k] / scale[k]);
  return worst;
}

}  // namespace

TEST_CASE("one fast step stays within 1e-5 of the exact one, in units of the state's scale", "[envs]") {
  CHECK(worst_error<envs::Acrobot>([](core::Pcg64& r) { return int32_t(r.integers(0, 3)); }) <= 1e-5);
  CHECK(worst_error<envs::CartPole>([](core::Pcg64& r) { return int32_t(r.integers(0, 2)); }) <= 1e-5);
  CHECK(worst_error<envs::MountainCar>([](core::Pcg64& r) { return int32_t(r.integers(0, 3)); }) <= 1e-5);
  CHECK(worst_error<envs::MountainCarContinuous>([](core::Pcg64& r) { return float(r.uniform(-1, 1)); }) <=
        1e-5);
  CHECK(worst_error<envs::Pendulum>([](core::Pcg64& r) { return float(r.uniform(-2, 2)); }) <= 1e-5);
}

TEST_CASE("a cart for JAX takes a step as Gymnasium's cartpole.py in phys2d says", "[envs]") {
  const envs::Phys2dCartPole<envs::Fast> cart{};
  envs::CartPole<envs::Fast>::State s{0.1f, 0.2f, 0.05f, 0.4f};
  core::Philox draws(0, 0, 0);
  const envs::Outcome outcome = cart.step(s, 1, draws);
  CHECK(outcome.reward == 1);
  CHECK(outcome.terminated == 0);
  CHECK(double(s.x) == Approx(0.104));
  CHECK(double(s.x_dot) == Approx(0.53261));  // the classic cart's is 0.39
  CHECK(double(s.theta) == Approx(0.058));
  CHECK(double(s.theta_dot) == Approx(0.123362));
}

TEST_CASE("an id for JAX is fast unless told, and has no other precision", "[envs]") {
  Batch rod = env_batch("phys2d/Pendulum-v0", 4), same = env_batch("{id: Pendulum-v1, precision: fast}", 4),
        exact = env_batch("Pendulum-v1", 4);
  const std::string played = play(rod, 5, 300);
  CHECK(played == play(same, 5, 300));
  CHECK(played != play(exact, 5, 300));
  CHECK(env_options("phys2d/CartPole-v1").precision == "fast");
  CHECK(env_options("CartPole-v1").precision == "exact");
  const std::string refused = env_refusal("{id: phys2d/CartPole-v1, precision: exact}");
  CHECK_THAT(refused, Catch::Matchers::ContainsSubstring("fast"));
}

TEST_CASE("the fast sine and cosine are libm's to 2e-7", "[envs]") {
  double worst = 0;
  for (double x = -100; x < 100; x += 0.0037) {
    const float narrow = float(x);
    worst = std::max(worst, std::abs(double(envs::Fast::sin(narrow)) - std::sin(double(narrow))));
    worst = std::max(worst, std::abs(double(envs::Fast::cos(narrow)) - std::cos(double(narrow))));
  }
  CHECK(worst <= 2e-7);
}

TEST_CASE("wrap takes whole turns away in both precisions", "[envs]") {
  const double pi = std::numbers::pi;
  for (const double x : {-20.0, -9.5, -3.2, -3.1, 0.0, 1.5, 3.1, 3.2, 7.0, 25.0}) {
    const double expected = std::remainder(x, 2 * pi);
    CHECK(envs::Exact::wrap(x, pi) == Approx(expected).margin(1e-14));
    CHECK(double(envs::Fast::wrap(float(x), float(pi))) == Approx(expected).margin(1e-5));
  }
  CHECK(std::abs(envs::Exact::wrap(1e18, pi)) <= pi);  // in a moment, not turn by turn
}

TEST_CASE("modulo is Python's in both precisions", "[envs]") {
  for (const double x : {-7.5, -4.0, -0.25, 0.0, 0.25, 3.75, 4.0, 9.5}) {
    const double expected = x - 4 * std::floor(x / 4);
    CHECK(envs::Exact::modulo(x, 4) == expected);
    CHECK(double(envs::Fast::modulo(float(x), 4)) == expected);
  }
}

#if defined(__x86_64__)
namespace {

// Everything that one of the two loops writes in 40 steps from the same starts, with no episode ended.
template <class Env>
std::vector<uint32_t> run(const Env& env, decltype(envs::StepLoop<Env>::plain) advance) {
  constexpr size_t n = 1003, width = envs::field_count<typename Env::Obs>;
  std::vector<uint32_t> columns(n * envs::field_count<typename Env::State>), episode(n), obs(n * width), all;
  std::vector<int32_t> age(n);
  std::vector<float> reward(n);
  std::vector<uint8_t> terminated(n), truncated(n);
  for (size_t i = 0; i < n; ++i) {
    core::Philox draws(i, 0, 0);
    envs::scatter(env.reset(draws), columns.data() + i, n);
  }
  for (int t = 0; t < 40; ++t) {
    std::vector<uint32_t> action(n);
    for (size_t i = 0; i < n; ++i)
      action[i] = std::bit_cast<uint32_t>(typename Env::Action((i + size_t(t) * i / 3) % 2));
    advance(&env, {{5, episode.data()},
                   n,
                   0,
                   n,
                   1 << 30,
                   columns.data(),
                   age.data(),
                   action.data(),
                   reinterpret_cast<std::byte*>(obs.data()),
                   reward.data(),
                   terminated.data(),
                   truncated.data()});
    all.insert(all.end(), obs.begin(), obs.end());
    for (size_t i = 0; i < n; ++i) {
      all.push_back(std::bit_cast<uint32_t>(reward[i]));
      all.push_back(terminated[i]);
    }
  }
  all.insert(all.end(), columns.begin(), columns.end());
  return all;
}

template <class Env>
bool same_bits(const Env& env) {
  return run<Env>(env, envs::StepLoop<Env>::plain) == run<Env>(env, envs::StepLoop<Env>::avx2);
}

}  // namespace

TEST_CASE("the loop for AVX2 gives the bits of the plain one", "[envs]") {
  if (!__builtin_cpu_supports("avx2")) return;
  CHECK(same_bits(envs::Acrobot<envs::Fast>{}));
  CHECK(same_bits(envs::CartPole<envs::Fast>{}));
  CHECK(same_bits(envs::MountainCar<envs::Fast>{}));
  CHECK(same_bits(envs::MountainCarContinuous<envs::Fast>{}));
  CHECK(same_bits(envs::Pendulum<envs::Fast>{}));
  CHECK(same_bits(envs::FrozenLake<envs::Fast>(envs::FrozenLakeParams{})));
}
#endif

}  // namespace tests::precision
