// Returns and baselines against arithmetic done by hand.
#include "agents/returns.h"

#include "tests/catch.h"

using namespace agents;

static torch::Tensor column(std::vector<float> values) { return torch::tensor(values).unsqueeze(1); }

TEST_CASE("returns-to-go of the course's example", "[agents][returns]") {
  // DTU 02456, lab 8.2: rewards 0 1 1 1 0 1 1 0 0 0.
  const torch::Tensor rewards = column({0, 1, 1, 1, 0, 1, 1, 0, 0, 0}), alive = torch::ones({10, 1});
  CHECK(torch::equal(returns_to_go(rewards, alive, 1), column({5, 5, 4, 3, 2, 2, 1, 0, 0, 0})));
  const torch::Tensor g = returns_to_go(rewards, alive, 0.9);
  CHECK(g[6][0].item<double>() == Approx(1));
  CHECK(g[5][0].item<double>() == Approx(1.9));
  CHECK(g[3][0].item<double>() == Approx(1 + 0.9 * 0.9 * 1.9));
}

TEST_CASE("an episode that ended earlier adds nothing after its end", "[agents][returns]") {
  const torch::Tensor rewards = torch::ones({4, 2});
  torch::Tensor alive = torch::ones({4, 2});
  alive[2][1] = 0;
  alive[3][1] = 0;
  const torch::Tensor g = returns_to_go(rewards, alive, 1);
  CHECK(torch::equal(g.select(1, 0), torch::tensor({4.f, 3.f, 2.f, 1.f})));
  CHECK(torch::equal(g.select(1, 1), torch::tensor({2.f, 1.f, 0.f, 0.f})));
}

TEST_CASE("an episode's baseline is the mean of the others that are still alive", "[agents][returns]") {
  const torch::Tensor g = torch::tensor({{4.f, 1.f, 7.f}, {3.f, 5.f, 2.f}, {2.f, 8.f, 0.f}, {6.f, 0.f, 0.f}});
  const torch::Tensor alive =
      torch::tensor({{1.f, 1.f, 1.f}, {1.f, 1.f, 1.f}, {1.f, 1.f, 0.f}, {1.f, 0.f, 0.f}});
  const torch::Tensor mean = timestep_mean(g, alive) * alive;
  CHECK(torch::equal(
      mean, torch::tensor({{4.f, 5.5f, 2.5f}, {3.5f, 2.5f, 4.f}, {8.f, 2.f, 0.f}, {0.f, 0.f, 0.f}})));
  CHECK(timestep_mean(column({3, 2, 1}), torch::ones({3, 1})).abs().sum().item<float>() == 0);
}

TEST_CASE("normalised values have mean 0 and deviation 1 where alive", "[agents][returns]") {
  torch::manual_seed(2);
  const torch::Tensor x = torch::randn({50, 3}) * 7 + 4;
  torch::Tensor alive = torch::ones({50, 3});
  alive.narrow(0, 30, 20).select(1, 2).fill_(0);
  const torch::Tensor z = normalize(x, alive);
  CHECK(z.sum().item<double>() / alive.sum().item<double>() == Approx(0).margin(1e-5));
  CHECK(z.square().sum().item<double>() / alive.sum().item<double>() == Approx(1).epsilon(1e-4));
  CHECK(z[40][2].item<float>() == 0);
}

TEST_CASE("one step alone teaches: it is not normalised to nothing", "[agents][returns]") {
  CHECK(torch::equal(normalize(column({3, 2}), column({1, 0})), column({3, 0})));
}
