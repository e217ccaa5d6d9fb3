// Arms and legs of our own on Box2D: what motors and rewards do by hand, and that no option makes a world
// burst.
#include <array>
#include <cmath>

#include "envs/box2d/hopper2d.h"
#include "envs/box2d/pusher2d.h"
#include "envs/box2d/reacher2d.h"
#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::arms {

namespace {

const std::vector<std::string> ids{"Hopper2D-v0", "Pusher2D-v0", "Reacher2D-v0"};

float seen(const Batch& b, size_t k) { return number(b, b.obs, 0, k); }

void act(Batch& b, std::vector<float> action) {
  b.continuous = std::move(action);
  b.step();
}

double apart(double x, double y) { return std::hypot(x, y); }

// Every section with each of its numbers at the least or at the most, all at once: 2 to the number of
// options.
std::vector<std::string> corners(const std::string& id) {
  const envs::Entry::Factory factory = envs::all().at(id).factory();
  core::Fields fields;
  factory.fields(fields);
  std::vector<std::string> sections{"{id: " + id};
  for (const core::Field& field : fields.list()) {
    if (!std::holds_alternative<double*>(field.target)) continue;
    std::vector<std::string> more;
    for (const std::string& section : sections)
      for (const double value : {field.limits.min, field.limits.max})
        more.push_back(section + ", " + field.name + ": " + std::to_string(value));
    sections = std::move(more);
  }
  for (std::string& section : sections) section += "}";
  return sections;
}

}  // namespace

TEST_CASE("options from end to end of their ranges leave worlds whole", "[envs][arms]") {
  for (const std::string& id : ids)
    for (const std::string& section : corners(id)) {
      INFO(section);
      Batch batch = env_batch(section, 2);
      core::Pcg64 random(1);
      batch.reset(3);
      int outside = 0;
      for (int t = 0; t < 60; ++t) {
        for (float& action : batch.continuous) action = float(random.integers(-1, 2));
        batch.step();
        for (size_t i = 0; i < batch.n; ++i)
          outside += !contains(batch.envs->spec().observation, batch.row(batch.obs, i)) ||
                     !std::isfinite(batch.reward[i]);
      }
      CHECK(outside == 0);
    }
}

TEST_CASE("options of arms and legs are held to their ranges", "[envs][arms]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(env_refusal("{id: Reacher2D-v0, forearm: 0}"), ContainsSubstring("forearm"));
  CHECK_THAT(env_refusal("{id: Reacher2D-v0, reward: rare}"), ContainsSubstring("sparse"));
  CHECK_THAT(env_refusal("{id: Pusher2D-v0, side: 2}"), ContainsSubstring("side"));
  CHECK_THAT(env_refusal("{id: Hopper2D-v0, gravity: 0}"), ContainsSubstring("gravity"));
}

TEST_CASE("actions beyond the bounds are clipped", "[envs][arms]") {
  for (const std::string& id : ids) {
    INFO(id);
    Batch one = env_batch(id), wild = env_batch(id);
    one.reset(1), wild.reset(1);
    for (int t = 0; t < 5; ++t) {
      act(one, std::vector<float>(one.action_width, 1));
      act(wild, std::vector<float>(wild.action_width, 1e30f));
      CHECK(one.answers() == wild.answers());
    }
  }
}

TEST_CASE("Reacher2D: the tip is where the angles say, and the reward its distance", "[envs][arms]") {
  Batch dense = env_batch("{id: Reacher2D-v0, upper_arm: 1.5, forearm: 0.5}"),
        sparse =
            env_batch("{id: Reacher2D-v0, upper_arm: 1.5, forearm: 0.5, reward: sparse, goal_radius: 1}");
  core::Pcg64 random(2);
  int reached = 0, wrong = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    dense.reset(seed), sparse.reset(seed);
    for (int t = 0; t < 40; ++t) {
      dense.draw_actions(random);
      sparse.continuous = dense.continuous;
      dense.step(), sparse.step();
      const double shoulder = std::atan2(double(seen(dense, 1)), double(seen(dense, 0))),
                   elbow = std::atan2(double(seen(dense, 3)), double(seen(dense, 2)));
      const double x = 1.5 * std::cos(shoulder) + 0.5 * std::cos(shoulder + elbow),
                   y = 1.5 * std::sin(shoulder) + 0.5 * std::sin(shoulder + elbow);
      const double far = apart(x - double(seen(dense, 8)), y - double(seen(dense, 9)));
      wrong += apart(x - double(seen(dense, 6)), y - double(seen(dense, 7))) > 0.02;
      wrong += std::abs(double(dense.reward[0]) + far) > 0.02;
      wrong += std::abs(far - 1) > 0.02 && sparse.reward[0] != (far < 1 ? 0.0f : -1.0f);
      reached += sparse.reward[0] == 0;
    }
  }
  CHECK(wrong == 0);
  CHECK((reached > 50 && reached < 700));
}

TEST_CASE("Reacher2D: motors turn their joints to the left for 1, no faster than they may", "[envs][arms]") {
  Batch arm = env_batch("{id: Reacher2D-v0, speed: 3, max_episode_steps: 0}");
  arm.reset(5);
  for (int t = 0; t < 60; ++t) act(arm, {1, 0});
  CHECK(double(seen(arm, 4)) == Approx(3).margin(0.05));
  for (int t = 0; t < 120; ++t) act(arm, {0, -1});
  const double elbow = std::atan2(double(seen(arm, 3)), double(seen(arm, 2)));
  CHECK(elbow == Approx(-envs::Reacher2D::bend).margin(0.05));
}

TEST_CASE("Reacher2D: goals are where the tip can be, all around", "[envs][arms]") {
  Batch arm = env_batch("Reacher2D-v0");
  int outside = 0, right = 0, far = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    arm.reset(seed);
    const double radius = apart(double(seen(arm, 8)), double(seen(arm, 9)));
    outside += radius < 2 * std::cos(envs::Reacher2D::bend / 2) - 1e-6 || radius > 2;
    right += seen(arm, 8) > 0;
    far += radius > std::sqrt(2.0);  // nearly half of the area
  }
  CHECK(outside == 0);
  CHECK(right == Approx(500).margin(60));
  CHECK(far == Approx(508).margin(60));
}

TEST_CASE("Pusher2D: a disc lies still until it is pushed, and then slides to a stop", "[envs][arms]") {
  Batch table = env_batch("{id: Pusher2D-v0, max_episode_steps: 0}");
  table.reset(2);
  const float x = seen(table, 4), y = seen(table, 5);
  for (int t = 0; t < 20; ++t) act(table, {0, 0});
  CHECK((seen(table, 4) == x && seen(table, 5) == y));
  const auto chase = [&] {
    act(table,
        {seen(table, 4) > seen(table, 0) ? 1.0f : -1.0f, seen(table, 5) > seen(table, 1) ? 1.0f : -1.0f});
  };
  for (int t = 0; t < 60; ++t) chase();
  CHECK(apart(double(seen(table, 4) - x), double(seen(table, 5) - y)) > 0.2);
  for (int t = 0; t < 60; ++t) act(table, {0, 0});
  CHECK(apart(double(seen(table, 6)), double(seen(table, 7))) < 1e-3);
}

TEST_CASE("Pusher2D: the reward is the disc's distance from the goal", "[envs][arms]") {
  Batch dense = env_batch("Pusher2D-v0"),
        sparse = env_batch("{id: Pusher2D-v0, reward: sparse, goal_radius: 1}");
  int near = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    dense.reset(seed), sparse.reset(seed);
    act(dense, {0, 0}), act(sparse, {0, 0});
    const double far =
        apart(double(seen(dense, 8) - seen(dense, 10)), double(seen(dense, 9) - seen(dense, 11)));
    CHECK((seen(dense, 8) == seen(dense, 4) && seen(dense, 9) == seen(dense, 5)));
    CHECK(far >= 2 * envs::Pusher2D::disc_radius - 1e-6);
    CHECK(double(dense.reward[0]) == Approx(-far));
    CHECK(sparse.reward[0] == (far <= 1 ? 0.0f : -1.0f));
    near += far <= 1;
  }
  CHECK((near > 5 && near < 45));
}

TEST_CASE("Pusher2D: a pusher's speed is where its force equals what the table takes", "[envs][arms]") {
  Batch table = env_batch("{id: Pusher2D-v0, side: 20, force: 4, damping: 8, max_episode_steps: 0}");
  table.reset(1);
  const float sense = seen(table, 0) > 0 ? -1 : 1;
  for (int t = 0; t < 40; ++t) act(table, {sense, 0});
  CHECK(std::abs(double(seen(table, 2))) == Approx(0.5).epsilon(0.05));
}

TEST_CASE("Hopper2D: the reward is speed, being up, and the cost of control", "[envs][arms]") {
  Batch hopper = env_batch("{id: Hopper2D-v0, forward_reward: 0, alive_bonus: 3, control_cost: 0.5}"),
        runner = env_batch("{id: Hopper2D-v0, forward_reward: 2, alive_bonus: 0, control_cost: 0}");
  hopper.reset(1), runner.reset(1);
  act(hopper, {1, -0.5f, 0});
  CHECK(double(hopper.reward[0]) == Approx(3 - 0.5 * 1.25));
  for (int t = 0; t < 8; ++t) {  // a step's way is that of its mean speed
    const float before = seen(runner, 5);
    act(runner, {0.1f, -0.1f, 0});
    CHECK(double(runner.reward[0]) == Approx(double(before + seen(runner, 5))).margin(0.2));
  }
}

TEST_CASE("Hopper2D: without torque it falls, which ends the episode without a bonus", "[envs][arms]") {
  Batch hopper = env_batch("{id: Hopper2D-v0, forward_reward: 0, control_cost: 0}");
  hopper.reset(3);
  do act(hopper, {0, 0, 0});
  while (!hopper.ended(0));
  CHECK(hopper.terminated[0] == 1);
  CHECK(hopper.returns[0] == double(hopper.lengths[0] - 1));
  CHECK(hopper.lengths[0] > 10);
  CHECK(hopper.lengths[0] < 100);
  const float height = number(hopper, hopper.final_obs, 0, 0), lean = number(hopper, hopper.final_obs, 0, 1);
  CHECK((height < 0.7f || std::abs(lean) > 0.5f));
}

TEST_CASE("Hopper2D: it begins just above the ground and lands on its foot", "[envs][arms]") {
  Batch hopper = env_batch("Hopper2D-v0");
  for (uint64_t seed = 0; seed < 20; ++seed) {
    hopper.reset(seed);
    CHECK(seen(hopper, 11) == 0);
    bool landed = false;
    for (int t = 0; t < 5; ++t) {
      act(hopper, {0, 0, 0});
      landed |= seen(hopper, 11) == 1;
    }
    CHECK(landed);
  }
}

}  // namespace tests::arms
