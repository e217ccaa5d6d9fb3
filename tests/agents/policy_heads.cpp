// The policy gradient of every head a policy can have, summed over all that can happen in a process of two
// states, against finite differences of its exact return.
#include <cmath>

#include "agents/actor.h"
#include "agents/policy_gradient/divergence.h"
#include "tests/catch.h"

using namespace agents;

namespace tests::policy_heads {

namespace {

constexpr int64_t T = 3, S = 2;

// An action, what it is worth in the process below, and the width of the part of the space that it stands
// for.
struct Action {
  std::vector<int64_t> choices;
  float value = 0;
  double u = 0, width = 1;

  ActionView view() const {
    return choices.empty() ? ActionView{.values = &value} : ActionView{choices.data()};
  }
};

std::vector<Action> choices(int64_t n) {
  std::vector<Action> all;
  for (int64_t a = 0; a < n; ++a) all.push_back({.choices = {a}, .u = 1.3 * static_cast<double>(a) - 1});
  return all;
}

std::vector<Action> pairs(int64_t n, int64_t m) {
  std::vector<Action> all;
  for (int64_t a = 0; a < n; ++a)
    for (int64_t b = 0; b < m; ++b)
      all.push_back({.choices = {a, b}, .u = static_cast<double>(a) - 0.7 * static_cast<double>(b)});
  return all;
}

// The trapezoid rule, which is as good as exact for smooth functions that vanish at both ends.
std::vector<Action> numbers() {
  constexpr double step = 0.05;
  std::vector<Action> all;
  for (int k = -240; k <= 240; ++k)
    all.push_back({.choices = {}, .value = static_cast<float>(k * step), .u = k * step, .width = step});
  return all;
}

double reward(int64_t s, double u) { return s == 0 ? std::sin(u) : 0.3 - 0.5 * std::cos(u + 1); }

double next_is_one(int64_t s, double u) { return 1 / (1 + std::exp(-u - 0.5 * static_cast<double>(s))); }

// pi(a | s) times the action's width, [S][actions].
std::vector<std::vector<double>> weights(Actor& actor, const torch::Tensor& outputs,
                                         const std::vector<Action>& actions) {
  std::vector<std::vector<double>> all(S);
  for (int64_t s = 0; s < S; ++s)
    for (const Action& a : actions)
      all[static_cast<size_t>(s)].push_back(
          a.width * std::exp(actor->likelihood(outputs[s].data_ptr<float>(), a.view()).log_prob));
  return all;
}

// Q of the action in s where `after` are the values of what comes next.
double action_value(int64_t s, const Action& a, const std::vector<double>& after) {
  const double p = next_is_one(s, a.u);
  return reward(s, a.u) + (1 - p) * after[0] + p * after[1];
}

// V[t][s], T - t steps from the end.
std::vector<std::vector<double>> values(const std::vector<std::vector<double>>& pi,
                                        const std::vector<Action>& actions) {
  std::vector<std::vector<double>> v(T + 1, std::vector<double>(S));
  for (int64_t t = T - 1; t >= 0; --t)
    for (size_t s = 0; s < S; ++s)
      for (size_t a = 0; a < actions.size(); ++a)
        v[static_cast<size_t>(t)][s] +=
            pi[s][a] * action_value(static_cast<int64_t>(s), actions[a], v[static_cast<size_t>(t) + 1]);
  return v;
}

constexpr double starts[S] = {0.6, 0.4};

double exact_return(Actor& actor, const std::vector<Action>& actions) {
  const torch::Tensor outputs = actor->forward(torch::arange(S)).clone();
  const auto v = values(weights(actor, outputs, actions), actions);
  return starts[0] * v[0][0] + starts[1] * v[0][1];
}

torch::Tensor differences(Actor& actor, const std::vector<Action>& actions) {
  const torch::NoGradGuard no_grad;
  std::vector<double> slopes;
  for (torch::Tensor& parameter : actor->parameters())
    for (int64_t i = 0; i < parameter.numel(); ++i) {
      const auto moved = [&](double by) {
        const torch::Tensor held = parameter.clone();
        torch::Tensor step = torch::zeros(parameter.numel());
        step[i] = by;
        parameter.add_(step.view(parameter.sizes()));
        const double found = exact_return(actor, actions);
        parameter.copy_(held);
        return found;
      };
      slopes.push_back((moved(0.01) - moved(-0.01)) / 0.02);
    }
  return torch::tensor(slopes);
}

// Sum over t, s and a of P(s at t) pi(a | s) Q(s, a) d log pi(a | s), through the rows' own slopes.
torch::Tensor policy_gradient(Actor& actor, const std::vector<Action>& actions) {
  const torch::Tensor outputs = actor->forward(torch::arange(S)).clone();
  const auto pi = weights(actor, outputs, actions);
  const auto v = values(pi, actions);
  torch::Tensor d_outputs = torch::zeros_like(outputs), d_row = torch::zeros_like(outputs[0]);
  std::vector<double> there(starts, starts + S);
  for (size_t t = 0; t < T; ++t) {
    std::vector<double> next(S);
    for (int64_t s = 0; s < S; ++s)
      for (size_t a = 0; a < actions.size(); ++a) {
        const double taken = there[static_cast<size_t>(s)] * pi[static_cast<size_t>(s)][a];
        const double q = action_value(s, actions[a], v[t + 1]), p = next_is_one(s, actions[a].u);
        actor->likelihood_backward(outputs[s].data_ptr<float>(), actions[a].view(),
                                   static_cast<float>(taken * q), 0, d_row.data_ptr<float>());
        d_outputs[s] += d_row;
        next[0] += taken * (1 - p);
        next[1] += taken * p;
      }
    there = next;
  }
  actor->backward(d_outputs);
  return take_gradient(actor);
}

void agrees(const envs::Space& space, const std::vector<Action>& actions, bool sde = false) {
  torch::manual_seed(21);
  const envs::Spec spec{.id = "Two", .observation = envs::Space::discrete(S), .action = space};
  PolicyNetOptions net{.mlp = {.hidden = {3}, .activation = "tanh"}};
  if (sde) net.sde = StateDependence{.log_sigma = -0.5};
  Actor actor("test", spec, net);
  const torch::Tensor exact = differences(actor, actions), found = policy_gradient(actor, actions);
  INFO(space.str() << (sde ? ", noise by the state" : ""));
  CHECK(exact.abs().max().item<double>() > 0.05);
  CHECK((found - exact).abs().max().item<double>() < 2e-3);
}

}  // namespace

TEST_CASE("every head of a policy has the slope of the exact return", "[agents][actor]") {
  agrees(envs::Space::discrete(3), choices(3));
  agrees(envs::Space::multi_discrete({2, 3}), pairs(2, 3));
  agrees(envs::Space::box({-9}, {9}), numbers());
  agrees(envs::Space::box({-9}, {9}), numbers(), true);
}

}  // namespace tests::policy_heads
