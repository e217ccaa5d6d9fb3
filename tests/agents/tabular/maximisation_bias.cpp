// Double Q-learning against the bias of the maximum: Sutton & Barto (2018), example 6.7, whose rewards of
// N(-0.1, 1) are -0.1 + 1 or -0.1 - 1 here.
#include <cmath>

#include "envs/entry.h"
#include "envs/tabular.h"
#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"

using namespace tests::tabular;

namespace {

// States A, B and the end; in A action 0 leads to B, all others end it; in B all ten pay by chance, and end
// it.
struct Lure {
  struct Params {
    void fields(core::Fields&) {}
  };
  explicit Lure(const Params&) {}
  envs::Transitions table() const {
    auto table = envs::Transitions::empty(3, 10);
    table.initial[0] = 1;
    for (int64_t a = 0; a < 10; ++a) {
      table.of(0, a) = {{1, a == 0 ? 1 : 2, 0, a != 0}};
      table.of(1, a) = {{0.5, 2, 0.9, true}, {0.5, 2, -1.1, true}};
      table.of(2, a) = {{1, 2, 0, true}};
    }
    return table;
  }
  void draw(int64_t, core::Canvas&) const {}
};
template <class Math>
using LureEnv = envs::Tabular<Math, Lure>;

struct Lured {
  double share, value;  // episodes that went to B, and Q(A, to B), means over the seeds
};

Lured lured(const std::string& agent) {
  constexpr int seeds = 50;
  Lured mean{0, 0};
  for (int seed = 0; seed < seeds; ++seed) {
    auto session = tests::tabular::agent("{seed: " + std::to_string(seed) + ", agent: " + agent +
                                         ", env: Lure-v0, " + agent +
                                         ": {gamma: 1, learning_rate: 0.1, visit_power: 0, epsilon_start: "
                                         "0.1, epsilon_end: 0.1, num_steps: 1}, "
                                         "train: {steps: 300}}");
    double episodes = 0, steps = 0;
    const training::Logger logger{[&](const std::string& metric, double logged) {
                                    if (metric == "train/episodes") episodes += logged;
                                    if (metric == "train/episode_length") steps += logged;
                                  },
                                  {}};
    while (session.progress() < 1) session.step(logger);
    mean.share += (steps / episodes - 1) / seeds;
    mean.value +=
        session.registry.act({torch::zeros({1}, torch::kInt64)}, true, {}).q[0][0].item<double>() / seeds;
  }
  return mean;
}

}  // namespace

TEST_CASE("double Q-learning is lured less by the best of ten chances than Q-learning", "[agents][tabular]") {
  envs::add(envs::batched<LureEnv>({.id = "Lure-v0",
                                    .sentence = "Leave, or try your luck",
                                    .source = "made here",
                                    .max_episode_steps = 10}));
  const Lured plain = lured("q_learning"), twice = lured("double_q_learning");
  INFO(plain.share << " and " << twice.share << ", " << plain.value << " and " << twice.value);
  CHECK(plain.value > 0);  // true: -0.1
  CHECK(twice.value < 0.02);
  CHECK(twice.share < 0.7 * plain.share);
}
