// Noisy nets: what is drawn and its slopes against autograd, and a DQN that explores by nothing else.
#include "agents/noisy_mlp.h"

#include "agents/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

namespace tests::noisy_mlp {

using namespace agents;

namespace {

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

torch::Tensor factor(int64_t n, torch::Generator& generator) {
  const torch::Tensor e = torch::randn({n}, generator);
  return e.sign() * e.abs().sqrt();
}

// The net's parameters, moved as the paper writes it, in operations that are differentiated.
std::vector<torch::Tensor> moved(NoisyMlp& net, torch::Generator generator) {
  const auto means = net->mean()->parameters(), all = net->parameters();
  std::vector<torch::Tensor> weights;
  for (size_t i = 0; i < means.size(); i += 2) {
    const torch::Tensor in = factor(means[i].size(1), generator), out = factor(means[i].size(0), generator);
    weights.push_back(all[i] + all[means.size() + i] * out.unsqueeze(1) * in.unsqueeze(0));
    weights.push_back(all[i + 1] + all[means.size() + i + 1] * out);
  }
  return weights;
}

torch::Generator generator(uint64_t seed) { return at::detail::createCPUGenerator(seed); }

}  // namespace

TEST_CASE("a noisy net's outputs and slopes are those of the paper's sum", "[agents][noisy]") {
  torch::manual_seed(5);
  NoisyMlp net("q", 3, 2, training::MlpOptions{.hidden = {4}, .activation = "tanh"});
  const torch::Tensor x = torch::randn({6, 3}), d = torch::randn({6, 2});
  net->draw(generator(9));
  const torch::Tensor found = net->drawn()->forward(x).clone();
  net->backward(d);
  std::vector<torch::Tensor> slopes;
  for (torch::Tensor& parameter : net->parameters()) {
    slopes.push_back(parameter.grad().clone());
    parameter.mutable_grad() = torch::Tensor();
  }
  const auto w = moved(net, generator(9));
  const torch::Tensor y = torch::linear(torch::tanh(torch::linear(x, w[0], w[1])), w[2], w[3]);
  (y * d).sum().backward();
  CHECK(furthest(found, y.detach()) < 1e-6);
  REQUIRE(slopes.size() == 8);
  for (size_t i = 0; i < slopes.size(); ++i) CHECK(furthest(slopes[i], net->parameters()[i].grad()) < 1e-5);
  net->draw(generator(10));
  CHECK(furthest(found, net->drawn()->forward(x)) > 1e-3);
}

TEST_CASE("sigmas begin as half over the root of a layer's inputs, and move with a target",
          "[agents][noisy]") {
  NoisyMlp net("q", 4, 2, training::MlpOptions{.hidden = {16}}),
      other("q", 4, 2, training::MlpOptions{.hidden = {16}});
  const auto named = net->named_parameters();
  CHECK(named["sigma.hidden_1.weight"].max().item<float>() == 0.25f);
  CHECK(named["sigma.hidden_1.bias"].min().item<float>() == 0.25f);
  CHECK(named["sigma.output.weight"].max().item<float>() == 0.125f);
  const torch::NoGradGuard no_grad;
  other->named_parameters()["sigma.output.bias"].fill_(1);
  net->soft_update(*other, 0.5);
  CHECK(net->named_parameters()["sigma.output.bias"][0].item<float>() == Approx(0.5625));
  CHECK(furthest(net->drawn()->parameters()[0], net->mean()->parameters()[0]) ==
        0);  // no noise was drawn yet
}

TEST_CASE("a DQN that explores by noisy weights alone learns a way of four steps",
          "[agents][dqn][noisy][learning]") {
  const int64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  training::Session run =
      trial::session("{seed: " + std::to_string(seed) +
                         ", agent: dqn, env: {id: FrozenLake-v1, map: [SFF, HHF, HHG], is_slippery: false, "
                         "max_episode_steps: 8}, eval: {episodes: 2}, net: {hidden: [32]}, dqn: {noisy: "
                         "true, gamma: 0.8, train_every: 2, "
                         "batch_size: 32, learning_starts: 500, target_every: 20}, optim: {lr: 5e-3}, train: "
                         "{env_steps: 4000}}",
                     agents::all());
  CHECK(trial::grades(run).at("eval/return_greedy") == 0);
  trial::learn(run);
  CHECK(trial::grades(run).at("eval/return_greedy") == 1);
}

TEST_CASE("noise in a network with memory is refused", "[agents][dqn][noisy][bad_input]") {
  const std::string said = refusal([] {
    trial::session(
        "{agent: dqn, env: CartPole-v1, net: {memory: gru}, dqn: {noisy: true}, train: {env_steps: 5000}}",
        agents::all());
  });
  CHECK(said.find("dqn.noisy: expected a network of hidden layers alone") != std::string::npos);
}

}  // namespace tests::noisy_mlp
