// C51 and QR-DQN: the projection and both losses against brute force and autograd, and a trivial problem.
#include "agents/all.h"
#include "agents/value/return_head.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

namespace tests::distributional {

using namespace agents;

namespace {

// [outputs] -> [K] of an action, in LibTorch's operations.
torch::Tensor numbers_of(const torch::Tensor& row, int64_t A, int64_t K, bool dueling, int64_t action) {
  if (!dueling) return row.view({A, K})[action];
  const torch::Tensor parts = row.view({1 + A, K}), advantages = parts.narrow(0, 1, A);
  return parts[0] + advantages[action] - advantages.mean(0);
}

// Each atom's mass by the hat of every other that is moved: (1 - |Tz_j - z_i| / step), where that is
// positive.
torch::Tensor projected(const torch::Tensor& next, const torch::Tensor& atoms, double reward,
                        double discount) {
  const double low = atoms[0].item<double>(), high = atoms[-1].item<double>(),
               step = (high - low) / double(atoms.numel() - 1);
  const torch::Tensor moved = (reward + discount * atoms).clamp(low, high);  // [K]
  const torch::Tensor hats = (1 - (moved.unsqueeze(0) - atoms.unsqueeze(1)).abs() / step).clamp_min(0);
  return hats.matmul(torch::softmax(next, 0));
}

// Pair by pair, as the paper writes it.
torch::Tensor quantile_loss(const torch::Tensor& z, const torch::Tensor& wanted) {
  const int64_t K = z.numel();
  torch::Tensor loss = torch::zeros({});
  for (int64_t i = 0; i < K; ++i)
    for (int64_t j = 0; j < K; ++j) {
      const double tau = (2 * double(i) + 1) / (2 * double(K));
      const torch::Tensor u = wanted[j] - z[i];
      const bool below = u.item<float>() < 0;
      const torch::Tensor huber = u.abs().item<float>() <= 1 ? 0.5 * u.square() : u.abs() - 0.5;
      loss = loss + std::abs(tau - double(below)) * huber / double(K);
    }
  return loss;
}

const float* data(const torch::Tensor& x) { return x.data_ptr<float>(); }

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

// A lake without wind whose goal lies two steps to the right and two down: it is reached by a run's end.
void learns_a_way(const std::string& agent, const std::string& own, int64_t seed) {
  INFO(agent << ", seed " << seed);
  training::Session run = trial::session(
      "{seed: " + std::to_string(seed) + ", agent: " + agent +
          ", env: {id: FrozenLake-v1, map: [SFF, HHF, HHG], is_slippery: false, max_episode_steps: 8}, "
          "eval: {episodes: 2}, net: {hidden: [32]}, " +
          agent + ": {train_every: 2, batch_size: 32, learning_starts: 500, target_every: 20, " + own +
          "}, optim: {lr: 5e-3}, train: {env_steps: 4000}}",
      agents::all());
  CHECK(trial::grades(run).at("eval/return_greedy") == 0);
  trial::learn(run);
  CHECK(trial::grades(run).at("eval/return_greedy") == 1);
}

}  // namespace

TEST_CASE("C51's projection keeps all mass and equals brute force", "[agents][c51]") {
  torch::manual_seed(2);
  Categorical estimate(7, -2, 4);
  const torch::Tensor atoms = torch::linspace(-2, 4, 7);
  for (const auto& [reward, discount] :
       {std::pair{0.3, 0.9}, {1.0, 1.0}, {-1.0, 0.0}, {2.5, 0.0}, {30.0, 0.9}, {-30.0, 1.0}, {0.0, 0.5}}) {
    INFO("reward " << reward << ", discount " << discount);
    const torch::Tensor next = torch::randn({7});
    const std::vector<float>& found = estimate.project({float(reward), float(discount), data(next)});
    const torch::Tensor got = torch::tensor(found);
    CHECK(got.sum().item<double>() == Approx(1).margin(1e-6));
    CHECK(furthest(got, projected(next, atoms, reward, discount)) < 2e-6);
  }
}

TEST_CASE("C51's loss is the cross-entropy to the projection, and its slopes are autograd's",
          "[agents][c51]") {
  torch::manual_seed(3);
  const int64_t A = 3, K = 7;
  const torch::Tensor atoms = torch::linspace(-2, 4, K);
  for (const bool dueling : {false, true}) {
    ReturnHead head(A, dueling, Categorical(K, -2, 4));
    for (int64_t action = 0; action < A; ++action) {
      const torch::Tensor row = torch::randn({head.outputs()}), next = torch::randn({K});
      torch::Tensor d_row = torch::full({head.outputs()}, NAN);
      const TdLoss found = head.loss(data(row), action, {0.7f, 0.9f, data(next)}, 2, d_row.data_ptr<float>());
      const torch::Tensor twin = row.clone().requires_grad_(),
                          logits = numbers_of(twin, A, K, dueling, action),
                          wanted = projected(next, atoms, 0.7, 0.9);
      const torch::Tensor loss = -2 * (wanted * torch::log_softmax(logits, 0)).sum();
      loss.backward();
      const double value = torch::softmax(logits, 0).dot(atoms).item<double>(),
                   divergence = (loss / 2 + (wanted * wanted.log()).nan_to_num().sum()).item<double>();
      CHECK(found.loss == Approx(loss.item<double>()).margin(1e-5));
      CHECK(found.value == Approx(value).margin(1e-5));
      CHECK(found.error == Approx(value - wanted.dot(atoms).item<double>()).margin(1e-5));
      CHECK(found.priority == Approx(divergence).margin(1e-5));
      CHECK(furthest(d_row, twin.grad()) < 1e-5);
    }
  }
}

TEST_CASE("the quantile loss equals brute force, and its slopes are autograd's", "[agents][qr_dqn]") {
  torch::manual_seed(4);
  const int64_t A = 3, K = 5;
  for (const bool dueling : {false, true}) {
    ReturnHead head(A, dueling, Quantiles(K));
    for (int64_t action = 0; action < A; ++action) {
      const torch::Tensor row = 2 * torch::randn({head.outputs()}), next = 2 * torch::randn({K});
      torch::Tensor d_row = torch::full({head.outputs()}, NAN);
      const TdLoss found = head.loss(data(row), action, {0.7f, 0.9f, data(next)}, 2, d_row.data_ptr<float>());
      const torch::Tensor twin = row.clone().requires_grad_(), z = numbers_of(twin, A, K, dueling, action),
                          wanted = 0.7 + 0.9 * next, loss = 2 * quantile_loss(z, wanted);
      loss.backward();
      CHECK(found.loss == Approx(loss.item<double>()).margin(1e-5));
      CHECK(found.value == Approx(z.mean().item<double>()).margin(1e-5));
      CHECK(found.error == Approx((z.mean() - wanted.mean()).item<double>()).margin(1e-5));
      CHECK(found.priority == Approx(std::abs(found.error)));
      CHECK(furthest(d_row, twin.grad()) < 1e-5);
    }
  }
}

TEST_CASE("the best action is that of the largest mean, of the possible", "[agents][c51][qr_dqn]") {
  ReturnHead quantiles(3, false, Quantiles(2));
  const std::array<float, 6> row{0, 9, 5, 5, 1, 2};
  const std::array<uint8_t, 3> mask{1, 0, 1};
  CHECK(quantiles.best(row.data()) == 1);
  CHECK(quantiles.best(row.data(), mask.data()) == 0);
  CHECK(quantiles.value(row.data(), 0) == 4.5f);
  ReturnHead atoms(2, false, Categorical(3, 0, 2));
  const std::array<float, 6> logits{0, 0, 0, -50, 0, 0};
  CHECK(atoms.best(logits.data()) == 1);
  CHECK(atoms.value(logits.data(), 0) == Approx(1));
  CHECK(atoms.value(logits.data(), 1) == Approx(1.5));
}

TEST_CASE("C51 learns a way of four steps that no fresh network knows", "[agents][c51][learning]") {
  learns_a_way("c51", "atoms: 11, v_min: 0, v_max: 1, dueling: true", GENERATE(1, 2, 3));
}

TEST_CASE("QR-DQN learns a way of four steps that no fresh network knows", "[agents][qr_dqn][learning]") {
  learns_a_way("qr_dqn", "quantiles: 8", GENERATE(1, 2, 3));
}

TEST_CASE("atoms that span nothing are refused", "[agents][c51][bad_input]") {
  const std::string said = refusal([] {
    trial::session("{agent: c51, env: CartPole-v1, c51: {v_min: 3, v_max: 3}, train: {env_steps: 5000}}",
                   agents::all());
  });
  CHECK(said.find("c51.v_max: expected more than c51.v_min = 3, found 3") != std::string::npos);
}

}  // namespace tests::distributional
