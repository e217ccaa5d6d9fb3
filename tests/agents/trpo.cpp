// TRPO: its Fisher matrix against the Hessian of the divergence, its solver against a dense one, and how far
// its steps go.
#include "agents/all.h"
#include "agents/policy_gradient/divergence.h"
#include "agents/policy_gradient/trust_region.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/compat.h"

using namespace agents;
using torch::Tensor;

namespace {

// A small policy of some kind in B states.
struct Bounded {
  explicit Bounded(const envs::Space& action, const std::string& activation = "tanh", bool masked = false) {
    torch::manual_seed(31);
    const envs::Spec spec{
        .id = "Test", .observation = envs::Space::box({-1, -1, -1}, {1, 1, 1}), .action = action};
    actor = Actor("test", spec, PolicyNetOptions{.mlp = {.hidden = {4}, .activation = activation}});
    if (actor->log_std.defined()) actor->log_std.data().copy_(torch::tensor({-0.4f, 0.3f}));
    seen = 2 * torch::randn({B, 3});
    if (masked) mask = torch::tensor({1, 0, 1, 1}, torch::kUInt8).expand({B, 4}).contiguous();
  }

  // What it says by LibTorch's operations, with its graph.
  PolicyAnswer graph() {
    const Tensor outputs = actor->net().native()->twin(seen);
    return {mask.defined() ? outputs.masked_fill(mask == 0, -1e9) : outputs, actor->log_std};
  }

  // Mean KL(then || now), by its definition.
  Tensor kl(const PolicyAnswer& then, const PolicyAnswer& now) const {
    if (actor->discrete()) {
      Tensor sum = torch::zeros({});
      int64_t first = 0;
      for (const int64_t n : actor->choices()) {
        const Tensor p = then.outputs.narrow(1, first, n).log_softmax(1),
                     q = now.outputs.narrow(1, first, n).log_softmax(1);
        sum = sum + (p.exp() * (p - q)).sum(1).mean();
        first += n;
      }
      return sum;
    }
    const Tensor variance = (2 * then.log_std).exp(), distance = (then.outputs - now.outputs).square();
    return (now.log_std - then.log_std + (variance + distance) / (2 * (2 * now.log_std).exp()) - 0.5)
        .sum(1)
        .mean();
  }

  PolicyAnswer fixed() {
    const PolicyAnswer now = graph();
    return {now.outputs.detach().clone(), now.log_std.defined() ? now.log_std.detach().clone() : now.log_std};
  }

  // The Hessian of KL(then || .) at the present parameters, [P, P], by autograd.
  Tensor hessian() {
    const auto parameters = actor->parameters();
    const auto joined = [](const std::vector<Tensor>& parts, const std::vector<Tensor>& like) {
      std::vector<Tensor> flat;
      for (size_t i = 0; i < parts.size(); ++i)
        flat.push_back(parts[i].defined() ? parts[i].flatten() : torch::zeros({like[i].numel()}));
      return torch::cat(flat);
    };
    const Tensor slope =
        joined(torch::autograd::grad({kl(fixed(), graph())}, parameters, {}, true, true), parameters);
    std::vector<Tensor> rows;
    for (int64_t i = 0; i < slope.numel(); ++i)
      rows.push_back(
          joined(torch::autograd::grad({slope[i]}, parameters, {}, true, false, true), parameters));
    return torch::stack(rows).to(torch::kFloat64);
  }

  // The Fisher matrix, [P, P], column by column.
  Tensor fisher() {
    const PolicyAnswer now = answer(actor, seen, mask);
    const int64_t P = flat_parameters(actor).numel();
    std::vector<Tensor> columns;
    for (int64_t i = 0; i < P; ++i)
      columns.push_back(fisher_product(actor, seen, now, torch::eye(P, torch::kFloat64)[i]));
    return torch::stack(columns, 1);
  }

  // Actions that it takes in those states, worth something or other.
  PolicyBatch batch() {
    const Tensor outputs = actor->forward(seen, mask).clone();
    const auto choices = static_cast<int64_t>(actor->choices().size());
    PolicyBatch batch{.seen = seen,
                      .mask = mask,
                      .actions = actor->discrete() ? torch::zeros({B, choices}, torch::kInt64).squeeze(1)
                                                   : torch::zeros({B, actor->outputs()}),
                      .log_probs = torch::zeros({B}),
                      .advantages = torch::randn({B})};
    const Tensor noise = actor->noise({B}, training::make_generator(33));
    actor->sample(outputs, noise.data_ptr<float>(), batch.actions, batch.log_probs.data_ptr<float>());
    return batch;
  }

  static constexpr int64_t B = 40;
  Actor actor{nullptr};
  Tensor seen, mask;
};

// One of each kind, and one that the kernels do not run.
std::vector<Bounded> kinds() {
  return {Bounded(envs::Space::discrete(4)), Bounded(envs::Space::discrete(4), "tanh", true),
          Bounded(envs::Space::multi_discrete({3, 2, 4})), Bounded(envs::Space::box({-1, -1}, {1, 1})),
          Bounded(envs::Space::discrete(3), "gelu")};
}

double worst(const Tensor& x) { return x.abs().max().item<double>(); }

}  // namespace

TEST_CASE("the Fisher matrix is the Hessian of the divergence, and leaves no gradient", "[agents][trpo]") {
  for (Bounded& policy : kinds()) {
    const Tensor fisher = policy.fisher(), hessian = policy.hessian();
    INFO(policy.actor->outputs() << " outputs");
    CHECK(worst(hessian) > 0.05);
    CHECK(worst(fisher - hessian) < 1e-5);
    CHECK(worst(take_gradient(policy.actor)) == 0);
  }
}

TEST_CASE("a net of convolutions moves as its slope says", "[agents][trpo]") {
  torch::manual_seed(32);
  PolicyNet net("test", envs::Space::array({7, 7, 3}, 0, 10, envs::Dtype::uint8), {{3, 1}},
                PolicyNetOptions{.mlp = {.hidden = {6}}, .encoder = {.name = "small"}});
  REQUIRE_FALSE(net.is_native());
  const Tensor x = torch::randint(11, {5, 147}, torch::kFloat32), weights = torch::randn({5, 3});
  std::vector<Tensor> direction;
  for (const Tensor& p : net.module()->parameters()) direction.push_back(torch::randn_like(p));
  const double along = (weights * net.tangent(NetInput(x), direction)).sum().item<double>();
  net.backward(weights);
  double expected = 0;
  for (size_t i = 0; i < direction.size(); ++i)
    expected += (net.module()->parameters()[i].grad() * direction[i]).sum().item<double>();
  CHECK(std::abs(along) > 0.1);
  CHECK(along == Approx(expected).epsilon(1e-4));
}

TEST_CASE("conjugate gradients solve what a dense solver does", "[agents][trpo]") {
  Bounded policy(envs::Space::box({-1, -1}, {1, 1}));
  const Tensor fisher = policy.fisher(), b = torch::randn({fisher.size(0)}, torch::kFloat64);
  const Tensor damped = fisher + 0.1 * torch::eye(fisher.size(0), torch::kFloat64);
  const PolicyAnswer now = answer(policy.actor, policy.seen, {});
  const auto product = [&](const Tensor& v) {
    return fisher_product(policy.actor, policy.seen, now, v) + 0.1 * v;
  };
  const Tensor exact = torch::linalg_solve(damped, b);
  CHECK(worst(exact) > 1);
  CHECK(worst(conjugate_gradient(product, b, b.numel()) - exact) < 1e-4 * worst(exact));
  CHECK(worst(conjugate_gradient(product, b, 1) - exact) > 0.01 * worst(exact));
  CHECK(worst(conjugate_gradient(product, torch::zeros_like(b), 10)) == 0);
}

TEST_CASE("a step stays within its bound and gains what it says", "[agents][trpo]") {
  for (Bounded& policy : kinds())
    for (const double max_kl : {0.01, 0.3}) {
      const PolicyBatch batch = policy.batch();
      const PolicyAnswer before = policy.fixed();
      const PolicyStep step = trust_region_step(policy.actor, batch, {.max_kl = max_kl});
      INFO(policy.actor->outputs() << " outputs, max_kl " << max_kl);
      CHECK(step.kl <= max_kl);
      CHECK(step.kl > 0.1 * max_kl);
      CHECK(step.surrogate > 0);
      CHECK(step.share > 0);
      CHECK(step.kl == Approx(policy.kl(before, policy.fixed()).item<double>()).margin(2e-6));
      policy.actor->forward(policy.seen, policy.mask);
      const Tensor after = policy.fixed().outputs.contiguous();
      double gained = -batch.advantages.mean().item<double>();
      for (int64_t i = 0; i < Bounded::B; ++i) {
        const float* row = after.data_ptr<float>() + i * after.size(1);
        const Likelihood now = policy.actor->likelihood(row, policy.actor->action_at(batch.actions, i));
        const float ratio = std::exp(now.log_prob - batch.log_probs[i].item<float>());
        gained += static_cast<double>(ratio * batch.advantages[i].item<float>()) / Bounded::B;
      }
      CHECK(step.surrogate == Approx(gained).margin(1e-5));
    }
}

TEST_CASE("where nothing is to be gained, or nothing is known, the policy stays as it was",
          "[agents][trpo]") {
  Bounded policy(envs::Space::box({-1, -1}, {1, 1}));
  const Tensor before = flat_parameters(policy.actor);
  PolicyBatch batch = policy.batch();
  for (const float advantage : {0.0f, std::numeric_limits<float>::quiet_NaN()}) {
    batch.advantages.fill_(advantage);
    const PolicyStep step = trust_region_step(policy.actor, batch, {});
    CHECK(step.share == 0);
    CHECK((std::isnan(step.grad_norm) || step.grad_norm == 0));
    CHECK(torch::equal(flat_parameters(policy.actor), before));
  }
  batch.advantages.normal_();
  CHECK(trust_region_step(policy.actor, batch, {.max_kl = 0.3, .cg_damping = 0, .cg_steps = 1}).share > 0);
  CHECK_FALSE(torch::equal(flat_parameters(policy.actor), before));
}

TEST_CASE("TRPO keeps its bound, whatever is seen and done", "[agents][trpo]") {
  const std::string env =
      GENERATE(std::string("{id: MiniGrid-Empty-5x5-v0, max_episode_steps: 20}"), std::string("Taxi-v4"),
               std::string("{id: Pendulum-v1, wrappers: [{name: discretize_action, bins: 3, joint: false}]}"),
               std::string("Pendulum-v1"));
  INFO(env);
  auto run = trial::session("{agent: trpo, env: " + env +
                                ", net: {hidden: [16]}, trpo: {num_steps: 40, max_kl: 0.02, minibatch_size: "
                                "40, value_epochs: 1}, train: {steps: 3}}",
                            agents::all());
  std::map<std::string, std::vector<double>> logged;
  const training::Logger logger{
      [&](const std::string& metric, double value) { logged[metric].push_back(value); }, {}};
  while (run.progress() < 1) run.step(logger);
  REQUIRE(logged["train/policy_kl"].size() == 3);
  for (const double kl : logged["train/policy_kl"]) CHECK((kl > 0 && kl <= 0.02));
  for (const double gained : logged["train/policy_surrogate"]) CHECK(gained > 0);
  CHECK(logged["train/value_squared_error"].size() == 3 * 2);
}

TEST_CASE("TRPO refuses what its step is not made for", "[agents][trpo][bad_input]") {
  const auto refused = [](const std::string& own) {
    return refusal([&] {
      trial::session("{agent: trpo, env: CartPole-v1, train: {steps: 1}, " + own + "}", agents::all());
    });
  };
  CHECK(refused("net: {memory: gru}").find("trpo has networks without memory") != std::string::npos);
  CHECK(refused("net: {shared: true}").find("one for each purpose") != std::string::npos);
  CHECK(refused("trpo: {num_steps: 10, minibatch_size: 30}")
            .find("trpo.minibatch_size: expected at most the rollout's 20 transitions") != std::string::npos);
}
