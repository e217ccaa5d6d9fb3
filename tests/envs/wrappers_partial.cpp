// Wrappers that hide, delay and blur what is seen, and the one that makes choices of numbers.
#include <algorithm>
#include <cmath>

#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::wrappers_partial {

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Steps both alike through the same actions; `same` compares after each step.
template <class Same>
void beside(Batch& changed, Batch& plain, int steps, const Same& same) {
  core::Pcg64 random(11);
  changed.reset(4);
  plain.reset(4);
  same();
  for (int t = 0; t < steps; ++t) {
    changed.draw_actions(random);
    plain.discrete = changed.discrete;
    plain.continuous = changed.continuous;
    changed.step();
    plain.step();
    same();
  }
}

}  // namespace

TEST_CASE("velocities are shown as 0, all else as it is", "[envs][wrappers]") {
  struct Task {
    std::string id;
    std::vector<size_t> hidden;
  };
  for (const Task& task : std::vector<Task>{{"CartPole-v1", {1, 3}},
                                            {"Pendulum-v1", {2}},
                                            {"MountainCar-v0", {1}},
                                            {"MountainCarContinuous-v0", {1}},
                                            {"Acrobot-v1", {4, 5}},
                                            {"LunarLander-v3", {2, 3, 5}}}) {
    INFO(task.id);
    Batch masked = env_batch("{id: " + task.id + ", wrappers: [mask_velocity]}", 2),
          plain = env_batch(task.id, 2);
    double moved = 0;
    beside(masked, plain, 40, [&] {
      for (size_t i = 0; i < 2; ++i)
        for (size_t k = 0; k < plain.obs_bytes / sizeof(float); ++k) {
          const bool hidden = std::count(task.hidden.begin(), task.hidden.end(), k) > 0;
          const float was = number(plain, plain.obs, i, k);
          REQUIRE(number(masked, masked.obs, i, k) == (hidden ? 0 : was));
          moved += hidden ? std::abs(was) : 0;
        }
    });
    CHECK(moved > 0);
  }
  CHECK(contains(env_refusal("{id: FrozenLake-v1, wrappers: [mask_velocity]}"), "not of FrozenLake-v1"));
  CHECK(contains(env_refusal("{id: CartPole-v1, wrappers: [{name: frame_stack, n: 2}, mask_velocity]}"),
                 "needs a row of float32"));
}

TEST_CASE("what is seen is late by so many steps, zeros until then, episode by episode", "[envs][wrappers]") {
  Batch late = env_batch("{id: Pendulum-v1, max_episode_steps: 5, wrappers: [{name: delay, steps: 2}]}"),
        plain = env_batch("{id: Pendulum-v1, max_episode_steps: 5}");
  const std::vector<std::byte> nothing(plain.obs_bytes);
  std::vector<std::vector<std::byte>> seen;  // of this episode
  int ends = 0;
  const auto at = [&](size_t ago) { return seen.size() > ago ? seen[seen.size() - 1 - ago] : nothing; };
  beside(late, plain, 23, [&] {
    if (plain.ended(0)) {
      seen.push_back(plain.final_obs);
      CHECK(late.final_obs == at(2));
      seen.clear();
      ++ends;
    }
    seen.push_back(plain.obs);
    CHECK(late.obs == at(2));
  });
  CHECK(ends == 4);
}

TEST_CASE("white noise has the mean and the deviation that it says, and is environment i's own",
          "[envs][wrappers]") {
  const std::string section = "{id: Pendulum-v1, wrappers: [{name: white_noise, deviation: 0.5}]}";
  Batch noisy = env_batch(section, 8), plain = env_batch("Pendulum-v1", 8);
  double sum = 0, square = 0, lagged = 0, before = 0;
  int64_t count = 0;
  beside(noisy, plain, 999, [&] {
    for (size_t i = 0; i < 8; ++i)
      for (size_t k = 0; k < 3; ++k) {
        const double noise = double(number(noisy, noisy.obs, i, k)) - double(number(plain, plain.obs, i, k));
        sum += noise;
        square += noise * noise;
        lagged += noise * before;
        before = noise;
        ++count;
      }
  });
  const double n = double(count);  // 24,000: five standard errors each
  CHECK(std::abs(sum / n) < 5 * 0.5 / std::sqrt(n));
  CHECK(std::abs(square / n - 0.25) < 5 * 0.25 * std::sqrt(2 / n));
  CHECK(std::abs(lagged / n) < 5 * 0.25 / std::sqrt(n));

  Batch many = env_batch(section, 3), alone = env_batch(section);
  many.reset(20);
  alone.reset(22);
  for (int t = 0; t < 30; ++t) {
    many.step();
    alone.step();
    CHECK(many.answer(2) == alone.answer(0));
  }
}

TEST_CASE("choices stand for the centres of bins, as Gymnasium's do, or for values from bound to bound",
          "[envs][wrappers]") {
  const auto with = [](const std::string& id, const std::string& more) {
    return env_batch("{id: " + id + ", wrappers: [{name: discretize_action, " + more + "}]}");
  };
  const auto equal = [](Batch& chosen, Batch& plain) {
    chosen.reset(42);
    plain.reset(42);
    chosen.step();
    plain.step();
    return chosen.answers() == plain.answers();
  };
  Batch centres = with("Pendulum-v1", "bins: 10"), plain = env_batch("Pendulum-v1");
  CHECK(centres.envs->spec().action.str() == "Discrete(10)");
  centres.discrete = {3};
  plain.continuous = {-0.6f};  // the example of Gymnasium's documentation
  CHECK(equal(centres, plain));
  Batch ends = with("Pendulum-v1", "bins: 5, ends: true");
  ends.discrete = {4};
  plain.continuous = {2};
  CHECK(equal(ends, plain));
  centres.discrete = {10};
  CHECK(contains(message([&] { centres.step(); }), "Discrete(10)"));

  Batch joint = with("LunarLanderContinuous-v3", "bins: 4"),
        apart = with("LunarLanderContinuous-v3", "bins: 4, joint: false"),
        lander = env_batch("LunarLanderContinuous-v3");
  CHECK(joint.envs->spec().action.str() == "Discrete(16)");
  CHECK(apart.envs->spec().action.str() == "MultiDiscrete([4, 4])");
  joint.discrete = {3 * 4 + 1};
  apart.discrete = {3, 1};
  lander.continuous = {0.75f, -0.25f};
  CHECK(equal(joint, lander));
  CHECK(equal(apart, lander));

  CHECK(contains(env_refusal("{id: CartPole-v1, wrappers: [discretize_action]}"), "needs a Box of actions"));
  CHECK(contains(env_refusal("{id: Pendulum-v1, wrappers: [clip_action, discretize_action]}"),
                 "before clip_action"));
  CHECK(contains(env_refusal("{id: BipedalWalker-v3, wrappers: [{name: discretize_action, bins: 100}]}"),
                 "joint: false"));
}

}  // namespace tests::wrappers_partial
