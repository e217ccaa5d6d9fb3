// TQC: its loss and its targets against what is computed by hand, and what it learns.
#include "agents/continuous/tqc.h"

#include "agents/quantile_huber.h"
#include "tests/agents/continuous/by_hand.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace agents;

namespace {

// [M], [n] -> the loss of a row, pair by pair.
torch::Tensor by_pairs(const torch::Tensor& quantiles, const torch::Tensor& targets) {
  const int64_t M = quantiles.size(0), n = targets.size(0);
  torch::Tensor sum = torch::zeros({}, torch::kFloat64);
  for (int64_t m = 0; m < M; ++m)
    for (int64_t i = 0; i < n; ++i) {
      const torch::Tensor u = targets[i] - quantiles[m];
      const double size = std::abs(u.item<double>()), tau = (2.0 * double(m) + 1) / (2.0 * double(M));
      const torch::Tensor huber = size <= 1 ? 0.5 * u * u : u.abs() - 0.5;
      sum = sum + std::abs(tau - (u.item<double>() < 0 ? 1 : 0)) * huber;
    }
  return sum / (M * n);
}

training::Session tqc(const std::string& yaml) {
  return trial::session("{agent: tqc, " + yaml + "}", agents::all());
}

}  // namespace

TEST_CASE("the quantile Huber loss and its slopes equal those of all pairs", "[agents][tqc]") {
  torch::manual_seed(5);
  const torch::Tensor quantiles = 2 * torch::randn({5}), targets = 2 * torch::randn({7});
  std::vector<float> slopes(5);
  const float loss =
      quantile_huber(quantiles.data_ptr<float>(), 5, targets.data_ptr<float>(), 7, 0.25f, slopes.data());
  const torch::Tensor twin = quantiles.to(torch::kFloat64).requires_grad_();
  const torch::Tensor expected = 5 * by_pairs(twin, targets.to(torch::kFloat64));
  expected.backward();
  CHECK(loss == Approx(expected.item<double>()).epsilon(1e-5));
  for (int64_t m = 0; m < 5; ++m)
    CHECK(slopes[size_t(m)] == Approx(0.25 * twin.grad()[m].item<double>()).epsilon(1e-4).margin(1e-6));
}

TEST_CASE("TQC's first loss is that of the smallest of all targets' quantiles", "[agents][tqc]") {
  torch::manual_seed(6);
  constexpr int64_t B = 3, M = 4;
  for (const int64_t drop : {0, 1, 3}) {
    INFO("drop " << drop);
    auto run =
        tqc("env: {id: Pendulum-v1, max_episode_steps: 9}, net: {hidden: [8]}, tqc: {gamma: 0.9, "
            "batch_size: 3, learning_starts: 1, critics: 3, quantiles: 4, temperature: 0.5, drop: " +
            std::to_string(drop) + "}, train: {env_steps: 9}");
    for (auto& [parameter, tensor] : run.registry.tensors())
      if (!parameter.starts_with("temperature")) tensor.detach().normal_();
    const by_hand::Weights w = by_hand::weights(run.registry);
    const torch::Tensor z = by_hand::next_normal(run, "noise", B, 1);
    const double logged = by_hand::logged_by_step(run, "train/critic_quantile_huber");

    const auto [seen, action, next, reward] = by_hand::only_transition(run, B, false);
    const auto [next_action, log_prob] = by_hand::squashed(by_hand::net(w, "policy", next), z);
    double expected = 0;
    for (int64_t b = 0; b < B; ++b) {
      std::vector<double> pool;
      for (const std::string k : {"1", "2", "3"}) {
        const torch::Tensor said = by_hand::critic(w, "target_" + k, next, next_action)[b];
        for (int64_t m = 0; m < M; ++m) pool.push_back(said[m].item<double>());
      }
      std::sort(pool.begin(), pool.end());
      pool.resize(size_t(3 * (M - drop)));
      for (double& y : pool) y = reward + 0.9 * (y - 0.5 * log_prob[b][0].item<double>());
      for (const std::string k : {"1", "2", "3"})
        expected +=
            by_pairs(by_hand::critic(w, "critic_" + k, seen, action)[b], torch::tensor(pool, torch::kFloat64))
                .item<double>();
    }
    CHECK(logged == Approx(expected / B).epsilon(1e-3));
  }
}

TEST_CASE("TQC learns to hold a rod upright", "[agents][tqc][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    by_hand::check_holds(tqc("seed: " + seed + ", " + by_hand::upright + "tqc: {" + by_hand::replayed +
                             ", critics: 2, quantiles: 5, drop: 1}"),
                         "seed " + seed);
  }
}

TEST_CASE("a TQC that would leave out every quantile is refused", "[agents][tqc][bad_input]") {
  CHECK(refusal([] { tqc("env: Pendulum-v1, tqc: {quantiles: 5, drop: 5}, train: {env_steps: 500}"); }) ==
        "tqc.drop: expected less than tqc.quantiles = 5, found 5");
}
