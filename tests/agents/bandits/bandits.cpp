// Bandits: their draws and updates against closed forms, the best arm found, and what they refuse.
#include "agents/all.h"

#include <array>
#include <cmath>
#include <numeric>

#include "agents/bandits/gradient.h"
#include "agents/bandits/thompson.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using namespace agents;

TEST_CASE("every bandit agent finds the best of five arms on three seeds", "[agents][bandits][learning]") {
  const std::string agent = GENERATE("epsilon_greedy_bandit", "gradient_bandit", "softmax_bandit",
                                     "thompson_bandit", "ucb1_bandit");
  for (const std::string seed : {"1", "2", "3"}) {
    INFO(agent << ", seed " << seed);
    auto session =
        trial::session("{seed: " + seed + ", agent: " + agent +
                           ", env: {id: Bandit-v0, means: [0.3, 0.4, 0.8, 0.2, 0.5], "
                           "max_episode_steps: 10}, train: {env_steps: 5000}, eval: {episodes: 3}}",
                       agents::all());
    CHECK(trial::grades(session)["eval/return_exact"] == Approx(3));  // the first arm
    trial::learn(session);
    CHECK(trial::grades(session)["eval/return_exact"] == Approx(8));
    CHECK(trial::grades(session)["eval/return_sampled"] > 5);
  }
}

TEST_CASE("the gradient bandit's expected step is the slope of the expected reward", "[agents][bandits]") {
  const std::vector<double> worth{1, -0.5, 2, 0.3};
  const std::vector<double> preferences{0.2, -0.4, 0.9, 0};
  SoftmaxChoice choice(4);
  const auto expected_reward = [&](const std::vector<double>& h) {
    const auto pi = choice.probabilities(h, 1);
    return std::inner_product(pi.begin(), pi.end(), worth.begin(), 0.0);
  };
  for (const double baseline : {0.0, 0.7}) {  // none changes the expectation
    std::vector<double> expected_step(4);
    for (int64_t arm = 0; arm < 4; ++arm) {
      const auto told = choice.probabilities(preferences, 1);
      const std::vector<double> pi(told.begin(), told.end());
      std::vector<double> moved = preferences;
      gradient_step(moved, pi, arm, worth[static_cast<size_t>(arm)] - baseline);
      for (size_t x = 0; x < 4; ++x)
        expected_step[x] += pi[static_cast<size_t>(arm)] * (moved[x] - preferences[x]);
    }
    for (size_t x = 0; x < 4; ++x) {
      std::vector<double> up = preferences, down = preferences;
      up[x] += 1e-5;
      down[x] -= 1e-5;
      CHECK(expected_step[x] == Approx((expected_reward(up) - expected_reward(down)) / 2e-5).margin(1e-8));
    }
  }
}

TEST_CASE("two pulls of a gradient bandit, by hand", "[agents][bandits]") {
  auto session = trial::session(
      "{agent: gradient_bandit, env: {id: Bandit-v0, rewards: gaussian, deviation: 0, means: [2, 2]}, "
      "gradient_bandit: {num_steps: 1, learning_rate: 0.5, baseline: false}, train: {steps: 1}}",
      agents::all());
  trial::learn(session);
  const torch::Tensor h = session.registry.tensors().at(0).second;
  CHECK(h.sum().item<double>() == Approx(0).margin(1e-15));
  CHECK(h.abs().max().item<double>() == Approx(0.5 * 2 * 0.5));  // alpha (R - 0) (1 - pi)
}

TEST_CASE("softmax draws by exp(value / temperature)", "[agents][bandits]") {
  SoftmaxChoice choice(3);
  const std::vector<double> values{1, 2, 4};
  const double a = std::exp(0.5), b = std::exp(1.0), c = std::exp(2.0);
  const auto pi = choice.probabilities(values, 2);
  CHECK(pi[0] == Approx(a / (a + b + c)));
  CHECK(pi[2] == Approx(c / (a + b + c)));
  core::Pcg64 random(1);
  std::array<int, 3> drawn{};
  for (int k = 0; k < 20000; ++k) ++drawn[static_cast<size_t>(choice.draw(values, 2, random))];
  CHECK(drawn[1] == Approx(20000 * b / (a + b + c)).epsilon(0.07));  // five deviations
  for (int k = 0; k < 1000; ++k) CHECK(choice.draw(values, 1e-6, random) == 2);
  CHECK(choice.probabilities(std::vector<double>{1e300, 0, -1e300}, 1e-9)[0] == 1);  // no overflow
}

TEST_CASE("beta draws have the mean and the variance of their law", "[agents][bandits]") {
  core::Pcg64 random(2);
  for (const auto& [a, b] : {std::pair{1.0, 1.0}, {2.5, 1.0}, {3.0, 40.0}}) {
    constexpr int n = 40000;
    double sum = 0, squares = 0;
    for (int k = 0; k < n; ++k) {
      const double x = beta_draw(a, b, random);
      CHECK((x > 0 && x < 1));
      sum += x;
      squares += x * x;
    }
    const double mean = a / (a + b), variance = mean * (1 - mean) / (a + b + 1);
    CHECK(sum / n == Approx(mean).margin(5 * std::sqrt(variance / n)));
    CHECK(squares / n - (sum / n) * (sum / n) == Approx(variance).epsilon(0.06));
  }
}

TEST_CASE("UCB1 pulls each arm once, then by its bound", "[agents][bandits]") {
  auto session = trial::session(
      "{agent: ucb1_bandit, env: {id: Bandit-v0, rewards: gaussian, deviation: 0, means: [0.1, 0.9, 0.5]}, "
      "ucb1_bandit: {num_steps: 6}, train: {steps: 1}}",
      agents::all());
  trial::learn(session);
  const torch::Tensor pulls = session.registry.tensors().at(1).second;
  // Bounds with c = sqrt(2): after 3 pulls 1.58, 2.38, 1.98; after 4 1.77, 2.08, 2.17; after
  // 5 1.89, 2.17, 1.77.
  CHECK(torch::equal(pulls, torch::tensor({1.0, 3.0, 2.0}, torch::kFloat64)));
}

TEST_CASE("bandit agents refuse worlds with states, and rewards that they cannot believe",
          "[agents][bandits][bad_input]") {
  const std::string agent = GENERATE("epsilon_greedy_bandit", "gradient_bandit", "softmax_bandit",
                                     "thompson_bandit", "ucb1_bandit");
  const auto said = [&](const std::string& env) {
    return refusal([&] {
      auto session =
          trial::session("{agent: " + agent + ", env: " + env + ", train: {steps: 1}}", agents::all());
      trial::learn(session);
    });
  };
  CHECK(said("FrozenLake-v1")
            .find(agent + " needs one state and Discrete actions, as Bandit-v0 has; "
                          "FrozenLake-v1 has Discrete(16)") != std::string::npos);
  CHECK(said("Pendulum-v1").find(agent + " needs one state and Discrete actions") != std::string::npos);
  const std::string wide = said("{id: Bandit-v0, rewards: gaussian}");
  if (agent == "thompson_bandit")
    CHECK(wide.find("thompson_bandit.posterior: beta needs rewards of 0 .. 1") == 0);
  else
    CHECK(wide.empty());
}
