// The on-policy Q-network: each update against what is computed by hand, its table against Q-learning's, and
// what it learns.
#include "agents/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using namespace agents;
using torch::Tensor;

namespace {

const training::Logger unheard{[](const std::string&, double) {}, {}};

training::Session on_policy(const std::string& yaml) {
  return trial::session("{" + yaml + "}", agents::all());
}

std::map<std::string, Tensor> weights_of(const training::Session& session) {
  std::map<std::string, Tensor> weights;
  for (const auto& [name, tensor] : session.registry.tensors()) weights[name] = tensor.detach();
  return weights;
}

// Start, ice, goal in a row; whoever would leave it stays where he is.
constexpr const char* corridor =
    "env: {id: FrozenLake-v1, map: [SFG], is_slippery: false, max_episode_steps: 0, reward_schedule: [1, 0, "
    "0.25]}";
int64_t corridor_next(int64_t state, int64_t action) {
  return action == 0 ? std::max<int64_t>(state - 1, 0) : action == 2 ? state + 1 : state;
}

struct Cell {
  int64_t state, action;
};
// Where two tables [A, S] differ, which is in one place.
Cell changed(const Tensor& before, const Tensor& after) {
  const Tensor places = (before != after).nonzero();
  REQUIRE(places.size(0) == 1);
  return {places[0][1].item<int64_t>(), places[0][0].item<int64_t>()};
}

}  // namespace

TEST_CASE("each update of a linear Q-network moves one cell by the error of its transition",
          "[agents][q_network]") {
  const std::string target = GENERATE("q_learning", "sarsa");
  INFO(target);
  auto run =
      on_policy("seed: 3, agent: q_network, " + std::string(corridor) + ", q_network: {target: " + target +
                ", gamma: 0.9, num_steps: 1, epsilon_end: 0.7}, optim: {algorithm: sgd, lr: 0.25}, "
                "train: {steps: 80}");
  const Tensor q = weights_of(run).at("q/output.weight");  // [A, S]
  q.normal_();
  int64_t state = 0, ends = 0;
  std::optional<std::pair<Cell, Tensor>> waiting;  // SARSA: a cell and all values before it was moved
  const auto expect = [&](const Cell& cell, const Tensor& before, const Tensor& after, double ahead) {
    const double old = before[cell.action][cell.state].item<double>();
    const bool ends_it = corridor_next(cell.state, cell.action) == 2;
    const double error = (ends_it ? 1 : 0.25 + 0.9 * ahead) - old;
    CHECK(after[cell.action][cell.state].item<double>() == Approx(old + 0.25 * error).margin(1e-5));
  };
  Tensor moved;  // after the cell that waits
  for (int k = 0; k < 80; ++k) {
    const Tensor before = q.clone();
    run.step(unheard);
    const Cell cell = changed(before, q);
    CHECK(cell.state == state);
    if (waiting) {
      const auto& [last, then] = *waiting;
      expect(last, then, moved, then[cell.action][cell.state].item<double>());
      waiting.reset();
    }
    state = corridor_next(cell.state, cell.action);
    if (state == 2)
      expect(cell, before, q, 0);
    else if (target == "q_learning")
      expect(cell, before, q, before.select(1, state).max().item<double>());
    else
      waiting.emplace(cell, before);
    moved = q.clone();
    ends += state == 2;
    if (state == 2) state = 0;
  }
  CHECK(ends > 2);
}

TEST_CASE("a net with hidden layers descends half the squared error", "[agents][q_network]") {
  auto run =
      on_policy("seed: 4, agent: q_network, " + std::string(corridor) +
                ", net: {hidden: [3], activation: tanh}, q_network: {gamma: 0.9, num_steps: 1}, optim: "
                "{algorithm: sgd, lr: 0.1}, train: {steps: 1}");
  auto now = weights_of(run);
  std::vector<Tensor> before;
  for (auto& [name, tensor] : now) {
    tensor.normal_();
    before.push_back(tensor.clone().requires_grad_());
  }
  run.step(unheard);
  const auto values = [&](int64_t state) {  // by name: hidden bias, hidden weight, output bias, output weight
    const Tensor h = (before[1].select(1, state) + before[0]).tanh();
    return torch::mv(before[3], h) + before[2];
  };
  int64_t alike = 0;
  for (int64_t action = 0; action < 4; ++action) {
    const Tensor target = 0.25 + 0.9 * values(corridor_next(0, action)).max().detach();
    const auto slopes =
        torch::autograd::grad({0.5 * (values(0)[action] - target).square()}, before, {}, {}, false, true);
    bool same = true;
    size_t i = 0;
    for (const auto& [name, tensor] : now) {
      same = same && torch::allclose(tensor, before[i] - 0.1 * slopes[i], 1e-5, 1e-6);
      ++i;
    }
    alike += same;
  }
  CHECK(alike == 1);  // that of the action that was taken
}

TEST_CASE("a linear Q-network on states that are counted is Q-learning's table", "[agents][q_network]") {
  const std::string common =
      "seed: 5, env: {id: FrozenLake-v1, reward_schedule: [1, -1, 0.05]}, train: {steps: 1500}, ";
  auto net = on_policy(common +
                       "agent: q_network, q_network: {num_steps: 1, epsilon_end: 1}, optim: {algorithm: sgd, "
                       "lr: 0.3}");
  auto table = on_policy(common +
                         "agent: q_learning, q_learning: {num_steps: 1, epsilon_end: 1, learning_rate: 0.3, "
                         "visit_power: 0}");
  weights_of(net).at("q/output.weight").zero_();
  trial::learn(net);
  trial::learn(table);
  const Tensor q = weights_of(net).at("q/output.weight").t().to(torch::kFloat64),
               expected = weights_of(table).at("q/values");
  CHECK(expected.abs().max().item<double>() > 0.5);
  CHECK((q - expected).abs().max().item<double>() < 1e-5);
  CHECK(weights_of(net).at("q/output.bias").abs().max().item<double>() == 0);
}

TEST_CASE("a Q-network crosses slippery ice on three seeds, in the course's settings",
          "[agents][q_network][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    INFO("seed " << seed);
    auto run = on_policy("seed: " + seed +
                         ", agent: q_network, env: FrozenLake-v1, q_network: {epsilon_end: 0, epsilon_share: "
                         "1, epsilon_decay: gaussian}, optim: {algorithm: sgd, lr: 0.2}, train: {steps: "
                         "1000}, eval: {episodes: 1}");
    CHECK(trial::grades(run).at("eval/return_exact") < 0.1);
    trial::learn(run);
    CHECK(trial::grades(run).at("eval/return_exact") > 0.6);
  }
}

TEST_CASE("SARSA finds its way along a corridor on three seeds", "[agents][q_network][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    INFO("seed " << seed);
    auto run = on_policy("seed: " + seed +
                         ", agent: q_network, env: {id: FrozenLake-v1, map: [SFFFG], is_slippery: false, "
                         "max_episode_steps: 12}, q_network: {target: sarsa}, optim: {algorithm: sgd, lr: "
                         "0.3}, train: {steps: 1000}, eval: {episodes: 1}");
    CHECK(trial::grades(run).at("eval/return_greedy") == 0);
    trial::learn(run);
    CHECK(trial::grades(run).at("eval/return_greedy") == 1);
  }
}

TEST_CASE("a Q-network refuses what it cannot do", "[agents][q_network][bad_input]") {
  CHECK(refusal([] {
          on_policy("agent: q_network, env: Pendulum-v1, train: {steps: 1}");
        }).find("q_network needs a Discrete action space; Pendulum-v1 has") != std::string::npos);
  CHECK(refusal([] {
          on_policy("agent: q_network, env: CartPole-v1, net: {memory: gru}, train: {steps: 1}");
        }).find("q_network has networks without memory") != std::string::npos);
}
