// Advantages, likelihoods and losses of PPO and A2C against naive twins and against autograd.
#include "agents/policy_gradient/actor_critic.h"

#include <cmath>

#include "agents/all.h"
#include "agents/policy_gradient/a2c.h"
#include "agents/policy_gradient/ppo.h"
#include "agents/returns.h"
#include "core/error.h"
#include "tests/agents/row_slopes.h"
#include "tests/catch.h"
#include "training/distributions.h"

using namespace agents;

namespace {

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

// The definition, forwards: A_t = sum_k (gamma lambda)^k delta_{t+k}, until an episode ends.
double naive_advantage(const GaeInput& p, int64_t t, int64_t n, double gamma, double lambda) {
  const auto at = [n](const torch::Tensor& x, int64_t i) { return x[i][n].item<double>(); };
  double sum = 0, weight = 1;
  for (int64_t k = t; k < p.rewards.size(0); ++k, weight *= gamma * lambda) {
    const bool dead = at(p.terminated, k) != 0, over = at(p.truncated, k) != 0;
    const double next = dead ? 0 : over ? at(p.final_values, k) : at(p.values, k + 1);
    sum += weight * (at(p.rewards, k) + gamma * next - at(p.values, k));
    if (dead || over) break;
  }
  return sum;
}

envs::Spec spec_of(const envs::Space& action) {
  return {.id = "Test", .observation = envs::Space::box({-1, -1, -1}, {1, 1, 1}), .action = action};
}

// Slopes of an actor's rows against autograd through the twin and the distributions.
void check_slopes(const envs::Space& space, const torch::Tensor& actions) {
  Actor actor("test", spec_of(space), PolicyNetOptions{.mlp = {.hidden = {8}, .activation = "tanh"}});
  const int64_t B = actions.size(0), K = actor->outputs();
  if (actor->log_std.defined()) actor->log_std.data().copy_(torch::randn({K}) * 0.3);
  const torch::Tensor x = torch::randn({B, 3}), d_log_prob = torch::randn({B}), d_entropy = torch::randn({B});
  const torch::Tensor outputs = actor->forward(x).clone();
  const RowSlopes native = row_slopes(*actor, outputs, actions, d_log_prob, d_entropy);

  torch::Tensor log_prob, entropy;
  if (space.kind != envs::Space::Kind::box) {
    const torch::Tensor choices = actions.view({B, -1});
    log_prob = entropy = torch::zeros({B});
    int64_t first = 0;
    for (size_t k = 0; k < space.n.size(); first += space.n[k++]) {
      const training::Categorical pi(actor->net().native()->twin(x).narrow(1, first, space.n[k]));
      log_prob = log_prob + pi.log_prob(choices.select(1, int64_t(k)));
      entropy = entropy + pi.entropy();
    }
  } else {
    const training::Normal pi(actor->net().native()->twin(x), actor->log_std);
    log_prob = pi.log_prob(actions).sum(-1);
    entropy = pi.entropy().expand({B, K}).sum(-1);
  }
  CHECK(largest_difference(native.log_probs, log_prob.detach()) < 1e-5);
  CHECK(largest_difference(native.entropies, entropy.detach()) < 1e-5);
  (d_log_prob * log_prob + d_entropy * entropy).sum().backward();
  const auto parameters = actor->parameters();
  for (size_t i = 0; i < parameters.size(); ++i)
    CHECK(largest_difference(native.gradients[i], parameters[i].grad()) < 1e-4);
}

}  // namespace

TEST_CASE("advantages equal their definition where episodes terminate, are cut, and both",
          "[agents][returns]") {
  torch::manual_seed(1);
  const int64_t T = 40, N = 5;
  const auto flags = [&](double p) { return (torch::rand({T, N}) < p).to(torch::kUInt8); };
  const GaeInput played{torch::randn({T, N}), flags(0.1), flags(0.1), torch::randn({T + 1, N}),
                        torch::randn({T, N})};
  REQUIRE((played.terminated * played.truncated).sum().item<int64_t>() > 0);
  for (const double lambda : {0.0, 0.95, 1.0}) {
    const torch::Tensor fast = gae(played, 0.99, lambda);
    for (int64_t t = 0; t < T; ++t)
      for (int64_t n = 0; n < N; ++n)
        CHECK(fast[t][n].item<double>() == Approx(naive_advantage(played, t, n, 0.99, lambda)).margin(2e-5));
  }
}

TEST_CASE("explained variance is 1 for perfect values and 0 for constant ones", "[agents][returns]") {
  const torch::Tensor targets = torch::tensor({1.0f, 2.0f, 4.0f});
  CHECK(explained_variance(targets, targets) == Approx(1));
  CHECK(explained_variance(torch::zeros({3}), targets) == Approx(0).margin(1e-6));
  CHECK(explained_variance(torch::ones({3}), torch::ones({3})) == 0);
}

TEST_CASE("slopes of a softmax policy equal autograd's", "[agents][actor]") {
  torch::manual_seed(2);
  check_slopes(envs::Space::discrete(4), torch::randint(4, {32}, torch::kInt64));
}

TEST_CASE("slopes of several choices at once equal autograd's", "[agents][actor]") {
  torch::manual_seed(6);
  const torch::Tensor actions =
      torch::stack({torch::randint(3, {32}, torch::kInt64), torch::randint(2, {32}, torch::kInt64),
                    torch::randint(4, {32}, torch::kInt64)},
                   1);
  check_slopes(envs::Space::multi_discrete({3, 2, 4}), actions);
}

TEST_CASE("slopes of a Gaussian policy and its deviation equal autograd's", "[agents][actor]") {
  torch::manual_seed(3);
  check_slopes(envs::Space::box({-1, -1}, {1, 1}), torch::randn({32, 2}));
}

TEST_CASE("sampled actions follow the policy's probabilities", "[agents][actor]") {
  torch::manual_seed(4);
  Actor actor("test", spec_of(envs::Space::discrete(3)), PolicyNetOptions{.mlp = {.hidden = {}}});
  const int64_t B = 30000;
  const torch::Tensor outputs = actor->forward(torch::ones({1, 3})).clone().expand({B, 3}).contiguous();
  const torch::Tensor actions = torch::zeros({B}, torch::kInt64), log_probs = torch::zeros({B});
  const torch::Tensor noise = torch::rand({B});
  actor->sample(outputs, noise.data_ptr<float>(), actions, log_probs.data_ptr<float>());
  const training::Categorical pi(outputs);
  const torch::Tensor share = torch::bincount(actions, {}, 3).to(torch::kFloat32) / static_cast<double>(B);
  CHECK(largest_difference(share, pi.probs()[0]) < 0.012);  // four standard errors of 30,000 draws
  CHECK(largest_difference(log_probs, pi.log_prob(actions)) < 1e-5);
}

TEST_CASE("PPO's loss has ratio 1 at first, and no slope beyond the clip", "[agents][ppo]") {
  const Transition fresh{-0.7f, -0.7f, 2.0f, 0.5f, 0.5f, 1.0f};
  const RowLoss first = ppo_loss(fresh, 0.2f, 0);
  CHECK(first.surrogate == Approx(-2));
  CHECK(first.d_log_prob == Approx(-2));
  CHECK_FALSE(first.clipped);
  const auto backward = [](float log_ratio, float advantage) {
    return ppo_loss({log_ratio, 0, advantage, 0, 0, 0}, 0.2f, 0).d_log_prob;
  };
  CHECK(backward(0.5f, 1) == 0);    // already likelier than the clip pays for
  CHECK(backward(-0.5f, -1) == 0);  // already less likely
  CHECK(backward(0.5f, -1) != 0);   // wrong way: pulled back
  CHECK(backward(-0.5f, 1) != 0);
}

TEST_CASE("slopes of PPO's and A2C's losses equal autograd's", "[agents][ppo][a2c]") {
  torch::manual_seed(5);
  for (int i = 0; i < 200; ++i) {
    const torch::Tensor r = torch::randn({6}) * 0.5;
    const auto x = r.accessor<float, 1>();
    const Transition t{x[0], x[1], x[2], x[3], x[4], x[5]};
    const float value_clip = i % 2 ? 0.2f : 0.0f;
    torch::Tensor log_prob = r[0].clone().requires_grad_(), value = r[3].clone().requires_grad_();
    const torch::Tensor ratio = (log_prob - r[1]).exp();
    const torch::Tensor surrogate = -torch::min(ratio * r[2], ratio.clamp(0.8, 1.2) * r[2]);
    const torch::Tensor held = value_clip > 0 ? r[4] + (value - r[4]).clamp(-0.2, 0.2) : value;
    const torch::Tensor loss = 0.5 * torch::max((value - r[5]).square(), (held - r[5]).square());
    (surrogate + loss).backward();
    const RowLoss row = ppo_loss(t, 0.2f, value_clip);
    CHECK(row.surrogate == Approx(surrogate.item<float>()).margin(1e-6));
    CHECK(row.value_loss == Approx(loss.item<float>()).margin(1e-6));
    CHECK(row.d_log_prob == Approx(log_prob.grad().item<float>()).margin(1e-5));
    // Where both errors are equal (not clipped) max splits its slope between two equal paths: the sum is the
    // same.
    CHECK(row.d_value == Approx(value.grad().item<float>()).margin(1e-5));
    const RowLoss plain = a2c_loss(t);
    CHECK(plain.surrogate == Approx(-x[0] * x[2]).margin(1e-6));
    CHECK(plain.d_log_prob == Approx(-x[2]));
    CHECK(plain.d_value == Approx(x[3] - x[5]).margin(1e-6));
  }
}
