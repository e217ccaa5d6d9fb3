// The policy gradient's estimators, weighed over every trajectory of a small decision process, against finite
// differences of its exact return.
#include <cmath>

#include "agents/exact.h"
#include "agents/policy_gradient/a2c.h"
#include "agents/policy_gradient/divergence.h"
#include "agents/policy_gradient/ppo.h"
#include "agents/policy_gradient/reinforce.h"
#include "agents/returns.h"
#include "tests/catch.h"
#include "training/distributions.h"

using namespace agents;

namespace {

constexpr int64_t T = 3, S = 2, A = 2;

// Two states, two actions: each action moves to either state, with a reward of its own.
envs::Transitions process() {
  auto table = envs::Transitions::empty(S, A);
  table.initial = {0.6, 0.4};
  table.of(0, 0) = {{0.9, 0, 0.1, false}, {0.1, 1, 2, false}};
  table.of(0, 1) = {{0.3, 0, -1, false}, {0.7, 1, 0.5, false}};
  table.of(1, 0) = {{0.5, 0, 1, false}, {0.5, 1, 0, false}};
  table.of(1, 1) = {{0.2, 0, 3, false}, {0.8, 1, -0.5, false}};
  return table;
}

// The same states, but some ways end early: episodes of one, two and three steps.
envs::Transitions process_that_ends() {
  auto table = envs::Transitions::empty(S, A);
  table.initial = {0.6, 0.4};
  table.of(0, 0) = {{0.7, 0, 0.1, false}, {0.3, 1, 2, true}};
  table.of(0, 1) = {{1, 1, 0.5, false}};
  table.of(1, 0) = {{0.5, 0, 1, true}, {0.5, 1, 0.2, false}};
  table.of(1, 1) = {{1, 0, -0.5, false}};
  return table;
}

Actor policy() {
  const envs::Spec spec{
      .id = "Two", .observation = envs::Space::discrete(S), .action = envs::Space::discrete(A)};
  return Actor("test", spec, PolicyNetOptions{.mlp = {.hidden = {3}, .activation = "tanh"}});
}

// pi(a | s), [S, A] float64.
torch::Tensor probabilities(Actor& actor) {
  return actor->forward(torch::arange(S)).to(torch::kFloat64).softmax(1);
}

// The expected return of T steps, backwards.
double exact_return(const envs::Transitions& table, Actor& actor) {
  const torch::Tensor pi = probabilities(actor);
  StateValues values(S);
  for (int64_t t = 0; t < T; ++t) {
    const StateValues after = values;
    for (int64_t s = 0; s < S; ++s) {
      values[static_cast<size_t>(s)] = 0;
      for (int64_t a = 0; a < A; ++a)
        values[static_cast<size_t>(s)] += pi[s][a].item<double>() * action_value(table, after, s, a, 1);
    }
  }
  return start_value(table, values);
}

// d exact return / d parameters, [P], by central differences.
torch::Tensor differences(const envs::Transitions& table, Actor& actor) {
  std::vector<double> slopes;
  for (torch::Tensor& parameter : actor->parameters())
    for (int64_t i = 0; i < parameter.numel(); ++i) {
      const torch::NoGradGuard no_grad;
      const auto moved = [&](double by) {
        const torch::Tensor held = parameter.clone();
        torch::Tensor step = torch::zeros(parameter.numel());
        step[i] = by;
        parameter.add_(step.view(parameter.sizes()));
        const double value = exact_return(table, actor);
        parameter.copy_(held);
        return value;
      };
      slopes.push_back((moved(0.01) - moved(-0.01)) / 0.02);
    }
  return torch::tensor(slopes);
}

struct Trajectory {
  std::vector<int64_t> states, actions;  // [T], 0 where it is over
  std::vector<float> rewards, alive;     // likewise
  double probability;

  Trajectory after(int64_t s, int64_t a, const envs::Transition& o, double pi) const {
    Trajectory longer = *this;
    longer.states.push_back(s);
    longer.actions.push_back(a);
    longer.rewards.push_back(static_cast<float>(o.reward));
    longer.alive.push_back(1);
    longer.probability *= pi * o.probability;
    return longer;
  }
};

// Every trajectory as a column, and its probability.
struct Trajectories {
  std::vector<std::vector<int64_t>> states, actions;  // [N][T]
  std::vector<std::vector<float>> rewards, alive;
  std::vector<double> weights;  // [N], sum 1

  Trajectories(const envs::Transitions& table, const torch::Tensor& pi) {
    for (int64_t s = 0; s < S; ++s)
      follow(table, pi, s,
             {.states = {},
              .actions = {},
              .rewards = {},
              .alive = {},
              .probability = table.initial[static_cast<size_t>(s)]});
  }

  void follow(const envs::Transitions& table, const torch::Tensor& pi, int64_t s, const Trajectory& so_far) {
    if (so_far.alive.size() == T) return keep(so_far);
    for (int64_t a = 0; a < A; ++a)
      for (const envs::Transition& o : table.of(s, a)) {
        const Trajectory longer = so_far.after(s, a, o, pi[s][a].item<double>());
        o.terminated ? keep(longer) : follow(table, pi, o.next, longer);
      }
  }

  void keep(Trajectory whole) {
    whole.states.resize(T);
    whole.actions.resize(T);
    whole.rewards.resize(T);
    whole.alive.resize(T);
    states.push_back(whole.states);
    actions.push_back(whole.actions);
    rewards.push_back(whole.rewards);
    alive.push_back(whole.alive);
    weights.push_back(whole.probability);
  }
};

// What the estimators read: [T, N] each, and the trajectories' probabilities [N].
struct Columns {
  torch::Tensor states, actions, rewards, weights, alive;

  explicit Columns(const Trajectories& all) {
    const auto column = [](const auto& rows) {
      std::vector<torch::Tensor> columns;
      for (const auto& row : rows) columns.push_back(torch::tensor(row));
      return torch::stack(columns, 1).contiguous();
    };
    states = column(all.states);
    actions = column(all.actions);
    rewards = column(all.rewards);
    weights = torch::tensor(all.weights);
    alive = column(all.alive);
  }
};

double largest(const torch::Tensor& x) { return x.abs().max().item<double>(); }

}  // namespace

TEST_CASE("REINFORCE's estimate has the slope of the exact return as its mean", "[agents][reinforce]") {
  torch::manual_seed(11);
  const envs::Transitions table = process_that_ends();
  Actor actor = policy();
  const torch::Tensor exact = differences(table, actor);
  REQUIRE(largest(exact) > 0.05);
  const Columns c(Trajectories(table, probabilities(actor)));
  REQUIRE(c.weights.sum().item<double>() == Approx(1));
  REQUIRE(c.alive.sum(0).min().item<double>() == 1);
  const torch::Tensor returns = returns_to_go(c.rewards, c.alive, 1);
  for (const double baseline : {0.0, 1.7}) {
    torch::Tensor mean = torch::zeros({});
    for (int64_t n = 0; n < c.weights.size(0); ++n) {
      const auto one = [n](const torch::Tensor& x) { return x.narrow(1, n, 1); };  // [T, 1]
      const training::Categorical pi(actor->net().native()->twin(one(c.states).flatten()));
      const torch::Tensor log_prob = pi.log_prob(one(c.actions).flatten()).view({T, 1});
      mean = mean + c.weights[n] * reinforce_loss(log_prob, (one(returns) - baseline) * one(c.alive));
    }
    mean.backward();
    CHECK(largest(take_gradient(actor) + exact) < 1e-3);
  }
}

TEST_CASE("REINFORCE's rows have the loss, the entropy and the slopes of its twin", "[agents][reinforce]") {
  torch::manual_seed(14);
  Actor actor = policy();
  const int64_t B = 7, episodes = 3;
  const torch::Tensor states = torch::randint(S, {B}), actions = torch::randint(A, {B});
  const torch::Tensor advantages = torch::randn({B});
  const torch::Tensor outputs = actor->forward(states), d_outputs = torch::zeros({B, A});
  const ReinforceTerms terms = reinforce_rows(actor, outputs, actions, advantages, episodes, 0.3, d_outputs);
  actor->backward(d_outputs);
  const torch::Tensor native = take_gradient(actor);

  const training::Categorical pi(actor->net().native()->twin(states));
  const torch::Tensor log_prob = pi.log_prob(actions), entropy = pi.entropy().sum();
  const torch::Tensor surrogate = reinforce_loss(log_prob.unsqueeze(1), advantages.unsqueeze(1)) / episodes;
  (surrogate - 0.3 * entropy / episodes).backward();
  CHECK(terms.surrogate == Approx(surrogate.item<double>()));
  CHECK(terms.entropy == Approx(entropy.item<double>()));
  CHECK(largest(native) > 0.01);
  CHECK(largest(native - take_gradient(actor)) < 1e-6);
}

TEST_CASE("so has a batch of two episodes, each held against the other", "[agents][reinforce]") {
  torch::manual_seed(13);
  const envs::Transitions table = process_that_ends();
  Actor actor = policy();
  const torch::Tensor exact = differences(table, actor);
  const Columns c(Trajectories(table, probabilities(actor)));
  const torch::Tensor returns = returns_to_go(c.rewards, c.alive, 1);
  const torch::Tensor log_pi = actor->net().native()->twin(torch::arange(S)).log_softmax(1);  // [S, A]
  const torch::Tensor log_probs = log_pi.flatten().take(c.states * A + c.actions);            // [T, N]
  torch::Tensor mean = torch::zeros({});
  for (int64_t i = 0; i < c.weights.size(0); ++i)
    for (int64_t j = 0; j < c.weights.size(0); ++j) {
      const torch::Tensor both = torch::tensor({i, j});
      const auto pair = [&](const torch::Tensor& x) { return x.index_select(1, both); };  // [T, 2]
      const torch::Tensor alive = pair(c.alive), g = pair(returns);
      const torch::Tensor advantages = (g - timestep_mean(g, alive)) * alive;
      mean = mean + c.weights[i] * c.weights[j] * reinforce_loss(pair(log_probs), advantages);
    }
  mean.backward();
  CHECK(largest(take_gradient(actor) + exact) < 1e-3);
}

// Of REINFORCE's estimate from one episode, over all that there are, summed over its elements. scores: d log
// pi(a | s) / d parameters of each step, [T, N, P]; advantages [T, N].
static double variance(const Columns& c, const torch::Tensor& scores, const torch::Tensor& advantages) {
  const torch::Tensor weights = c.weights.to(torch::kFloat64).unsqueeze(1);
  const torch::Tensor estimates = ((advantages * c.alive).to(torch::kFloat64).unsqueeze(2) * scores).sum(0);
  const torch::Tensor mean = (weights * estimates).sum(0);
  return (weights * (estimates - mean).square()).sum().item<double>();
}

// Of the returns [T, N], the mean in each step, and in each step and state, over the episodes that are there.
static torch::Tensor mean_returns(const Columns& c, const torch::Tensor& returns, bool by_state) {
  torch::Tensor means = torch::zeros_like(returns);
  for (int64_t s = 0; s < (by_state ? S : 1); ++s) {
    const torch::Tensor there = by_state ? c.alive * (c.states == s) : c.alive;
    const torch::Tensor weight = there * c.weights;
    means += there * (weight * returns).sum(1, true) / weight.sum(1, true).clamp_min(1e-9);
  }
  return means;
}

TEST_CASE("a baseline lowers the variance on the same episodes, one by the state lowers it more",
          "[agents][reinforce]") {
  torch::manual_seed(15);
  const envs::Transitions table = process_that_ends();
  Actor actor = policy();
  const Columns c(Trajectories(table, probabilities(actor)));
  std::vector<torch::Tensor> of_pairs;  // of each state and action
  for (int64_t k = 0; k < S * A; ++k) {
    actor->net().native()->twin(torch::arange(S)).log_softmax(1)[k / A][k % A].backward();
    of_pairs.push_back(take_gradient(actor).to(torch::kFloat64));
  }
  const torch::Tensor steps = (c.states * A + c.actions).flatten(),
                      scores = torch::stack(of_pairs).index_select(0, steps).view({T, c.states.size(1), -1}),
                      returns = returns_to_go(c.rewards, c.alive, 1);
  const double none = variance(c, scores, returns),
               by_step = variance(c, scores, returns - mean_returns(c, returns, false)),
               by_state = variance(c, scores, returns - mean_returns(c, returns, true));
  CHECK(by_step < 0.9 * none);
  CHECK(by_state < 0.9 * by_step);
  CHECK(by_state > 0);
}

TEST_CASE("so have the rows of A2C, and of PPO before its first step, whatever the values",
          "[agents][a2c][ppo]") {
  torch::manual_seed(12);
  const envs::Transitions table = process();
  Actor actor = policy();
  const torch::Tensor exact = differences(table, actor);
  const Columns c(Trajectories(table, probabilities(actor)));
  const int64_t N = c.weights.size(0);
  const torch::Tensor returns = returns_to_go(c.rewards, c.alive, 1);
  const float values[S] = {0.8f, -0.3f};  // V(s), wrong but no function of the action
  const auto ppo = [](const Transition& t) { return ppo_loss(t, 0.2f, 0); };
  for (const auto& loss : {ActorCritic::Loss(a2c_loss), ActorCritic::Loss(ppo)}) {
    const torch::Tensor states = c.states.flatten(), actions = c.actions.flatten();  // [T * N]
    const torch::Tensor outputs = actor->forward(states).clone();
    torch::Tensor d_outputs = torch::zeros_like(outputs);
    for (int64_t i = 0; i < T * N; ++i) {
      const float* row = outputs.data_ptr<float>() + i * A;
      const float log_prob = actor->likelihood(row, actor->action_at(actions, i)).log_prob;
      const float value = values[states[i].item<int64_t>()], target = returns.flatten()[i].item<float>();
      const RowLoss l = loss({log_prob, log_prob, target - value, value, value, target});
      const float weight = c.weights[i % N].item<float>();
      actor->likelihood_backward(row, actor->action_at(actions, i), weight * l.d_log_prob, 0,
                                 d_outputs.data_ptr<float>() + i * A);
    }
    actor->backward(d_outputs);
    CHECK(largest(take_gradient(actor) + exact) < 1e-3);
  }
}
