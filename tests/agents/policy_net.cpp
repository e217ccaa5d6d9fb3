// The net behind a policy: what it sees of each Space, what it remembers, and that one with two heads is
// learned as two are.
#include "agents/policy_net.h"

#include "agents/all.h"
#include "agents/policy_gradient/nets.h"
#include "agents/policy_gradient/recall.h"
#include "core/error.h"
#include "envs/wrappers/pixels.h"
#include "render/easel.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace agents;
using envs::Space;
using torch::Tensor;

namespace {

PolicyNetOptions remembering(const std::string& cell) {
  return {.mlp = {.hidden = {6}, .activation = "tanh", .init = "orthogonal"}, .memory = cell, .size = 5};
}

const Space three = Space::box({-1, -1, -1}, {1, 1, 1});

training::Session pole(const std::string& own) {
  return trial::session(
      "{env: {id: CartPole-v1, max_episode_steps: 12, wrappers: [mask_velocity]}, eval: {episodes: 5}, " +
          own + "}",
      agents::all());
}

}  // namespace

TEST_CASE("sequences in one go equal step after step, and an episode's start forgets", "[agents][nets]") {
  const std::string cell = GENERATE("gru", "lstm");
  INFO(cell);
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  PolicyNet net("test", three, {{2, 1}}, remembering(cell));
  const int64_t S = 3, L = 7, M = net.memory_size();
  CHECK(M == (cell == "gru" ? 5 : 10));
  const Tensor x = torch::randn({S, L, 3}), first = torch::randn({S, M}) * 0.5;
  const Tensor starts = (torch::rand({S, L}) < 0.3).to(torch::kUInt8);
  REQUIRE(starts.sum().item<int64_t>() > 2);
  NetInput whole(x.flatten(0, 1), first);
  whole.starts = starts.flatten();
  whole.steps = L;
  const Tensor together = net.forward(whole).view({S, L, 2}), left = net.memory();
  Tensor memory = first;
  for (int64_t t = 0; t < L; ++t) {
    memory = memory * (starts.select(1, t) == 0).to(torch::kFloat32).unsqueeze(1);
    const Tensor one = net.answer({x.select(1, t), memory});
    CHECK(torch::allclose(one, together.select(1, t), 1e-4, 1e-5));
    memory = net.memory();
  }
  CHECK(torch::allclose(memory, left, 1e-4, 1e-5));
}

TEST_CASE("what was seen earlier in its episode moves an output, and nothing else does", "[agents][nets]") {
  torch::manual_seed(2);
  PolicyNet net("test", three, {{1, 1}}, remembering("gru"));
  Tensor x = torch::randn({8, 3}).requires_grad_();
  NetInput input(x);
  input.steps = 8;
  input.starts = torch::tensor({0, 0, 0, 1, 0, 0, 0, 0}, torch::kUInt8);
  net.forward(input);
  Tensor d = torch::zeros({8, 1});
  d[5] = 1;
  net.backward(d);
  const Tensor moved = x.grad().abs().sum(1) > 0;
  CHECK(moved.to(torch::kInt64).equal(torch::tensor({0, 0, 0, 1, 1, 1, 0, 0}, torch::kInt64)));
}

TEST_CASE("a net with two heads has the slopes of both", "[agents][nets]") {
  torch::manual_seed(3);
  const PolicyNetOptions options{.mlp = {.hidden = {4}, .activation = "tanh", .init = "orthogonal"}};
  PolicyNet net("test", three, {{2, 0.01}, {1, 1}}, options);
  const Tensor weight = net.native()->named_parameters()["output.weight"];
  CHECK(weight[0].norm().item<double>() == Approx(0.01).epsilon(1e-4));
  CHECK(weight[2].norm().item<double>() == Approx(1).epsilon(1e-4));
  const Tensor x = torch::randn({9, 3}), d = torch::randn({9, 3});
  CHECK(torch::allclose(net.forward(x), net.native()->twin(x), 1e-5, 1e-6));
  net.backward(d);
  const Tensor own = weight.grad().clone();
  weight.mutable_grad().zero_();
  (net.native()->twin(x) * d).sum().backward();
  CHECK(torch::allclose(own, weight.grad(), 1e-4, 1e-5));
}

TEST_CASE("a stack of pictures is seen channel by channel, a symbol as one of many", "[agents][nets]") {
  torch::manual_seed(4);
  CHECK(encoder_of("auto", Space::array({84, 84, 1}, 0, 255, envs::Dtype::uint8)) == "nature");
  CHECK(encoder_of("auto", Space::array({7, 7, 3}, 0, 10, envs::Dtype::uint8)) == "small");
  CHECK(encoder_of("auto", three) == "flat");
  CHECK(encoder_of("auto", Space::discrete(5)) == "flat");
  CHECK(refusal([] { encoder_of("small", three); }).find("net.encoder: small needs pictures or grids") == 0);

  const Space stack = Space::array({2, 6, 5, 3}, 0, 255, envs::Dtype::uint8);
  Encoder encoder(stack, EncoderOptions{.name = "small"});
  const Tensor x = torch::randint(256, {4, stack.size()}, torch::kFloat32);
  const auto weights = encoder->named_parameters();
  Tensor h = x.view({4, 2, 6, 5, 3}).permute({0, 1, 4, 2, 3}).reshape({4, 6, 6, 5}) / 255;
  for (const std::string layer : {"conv_1", "conv_2"})
    h = torch::conv2d(h, weights[layer + ".weight"], weights[layer + ".bias"]).relu();
  CHECK(torch::allclose(encoder->forward(x), h.flatten(1), 1e-4, 1e-5));

  const Space grid = Space::array({7, 7, 3}, 0, 10, envs::Dtype::uint8);
  Encoder symbols(Space::dict({{"image", grid}, {"direction", Space::discrete(4, envs::Dtype::uint8)}}),
                  EncoderOptions{});
  CHECK(symbols->named_parameters()["image_1.weight"].sizes() == torch::IntArrayRef({16, 33, 3, 3}));
  const Tensor row =
      torch::cat({torch::randint(11, {1, 147}, torch::kFloat32), torch::eye(4).narrow(0, 2, 1)}, 1);
  const Tensor features = symbols->forward(row);
  CHECK(features.size(1) == symbols->features());
  CHECK(features.size(1) == 32 * 3 * 3 + 4);
  CHECK(features.narrow(1, 32 * 9, 4).equal(torch::eye(4).narrow(0, 2, 1)));
}

TEST_CASE("symbols may be embedded, each channel's in its own way", "[agents][nets]") {
  torch::manual_seed(5);
  const Space grid = Space::array({6, 5, 2}, 0, 6, envs::Dtype::uint8);
  Encoder encoder(grid, EncoderOptions{.name = "small", .embedding = 3});
  const auto weights = encoder->named_parameters();
  CHECK(weights["conv_symbols.weight"].sizes() == torch::IntArrayRef({14, 3}));
  CHECK(weights["conv_1.weight"].sizes() == torch::IntArrayRef({16, 6, 3, 3}));
  const Tensor x = torch::randint(7, {2, 60}, torch::kFloat32);
  const Tensor symbols = x.view({2, 6, 5, 2}).to(torch::kInt64);
  const Tensor table = weights["conv_symbols.weight"];
  Tensor h = torch::cat({torch::embedding(table, symbols.select(3, 0)),
                         torch::embedding(table, symbols.select(3, 1) + 7)},
                        3)
                 .permute({0, 3, 1, 2});
  h = torch::conv2d(h, weights["conv_1.weight"], weights["conv_1.bias"]).relu();
  h = torch::conv2d(h, weights["conv_2.weight"], weights["conv_2.bias"]);
  CHECK(torch::allclose(encoder->forward(x), h.relu().flatten(1), 1e-4, 1e-5));
}

TEST_CASE("a centred picture is the same in any light", "[agents][nets]") {
  torch::manual_seed(7);
  const Space picture = Space::array({6, 6, 1}, 0, 255, envs::Dtype::uint8);
  Encoder plain(picture, EncoderOptions{.name = "small"}),
      centred(picture, EncoderOptions{.name = "small", .center = true});
  const Tensor x = torch::randint(100, {3, 36}, torch::kFloat32), brighter = x + 100;
  CHECK(torch::allclose(centred->forward(x), centred->forward(brighter), 1e-4, 1e-5));
  CHECK_FALSE(torch::allclose(plain->forward(x), plain->forward(brighter), 1e-4, 1e-5));
}

TEST_CASE("impala's residual net has its paper's size, halves three times, and learns in every layer",
          "[agents][nets]") {
  torch::manual_seed(6);
  Encoder encoder(Space::array({84, 84, 3}, 0, 255, envs::Dtype::uint8), EncoderOptions{.name = "impala"});
  int64_t convolutions = 0, parameters = 0;
  for (const auto& parameter : encoder->parameters()) {
    convolutions += parameter.dim() == 4;
    parameters += parameter.numel();
  }
  CHECK(convolutions == 15);
  const int64_t in_16 = 16 * 9 + 1, in_32 = 32 * 9 + 1;  // a weight for each input, a bias
  CHECK(parameters == 16 * (27 + 1) + 4 * 16 * in_16 + 32 * in_16 + 4 * 32 * in_32 + 5 * 32 * in_32);
  CHECK(encoder->features() == 32 * 11 * 11);
  const Tensor x = torch::randint(256, {2, 84 * 84 * 3}, torch::kFloat32), y = encoder->forward(x);
  CHECK(y.sizes() == torch::IntArrayRef({2, 32 * 11 * 11}));
  const double size = y.pow(2).mean().sqrt().item<double>();
  CHECK(size > 0.05);
  CHECK(size < 5);
  y.sum().backward();
  for (const auto& parameter : encoder->named_parameters()) {
    INFO(parameter.key());
    CHECK(parameter.value().grad().abs().sum().item<double>() > 0);
  }
  Encoder grid(Space::array({7, 7, 3}, 0, 10, envs::Dtype::uint8),
               EncoderOptions{.name = "impala", .embedding = 4});
  CHECK(grid->forward(torch::ones({1, 147})).size(1) == grid->features());
}

TEST_CASE("whole sequences are shuffled by their environments", "[agents][nets]") {
  CHECK(sequences(torch::tensor({2, 0}, torch::kInt64), 3, 4)
            .equal(torch::tensor({2, 6, 10, 0, 4, 8}, torch::kInt64)));
}

TEST_CASE("a policy with memory is evaluated alike alone and beside others, and goes on after a checkpoint",
          "[agents][nets]") {
  const std::string own = GENERATE(
      std::string(
          "agent: ppo, net: {hidden: [8], memory: lstm, size: 6}, ppo: {num_steps: 16, minibatch_size: "
          "32}, train: {steps: 6}"),
      std::string("agent: ppo, net: {hidden: [8], memory: gru, size: 6, shared: true}, ppo: {num_steps: 16, "
                  "minibatch_size: 32}, train: {steps: 6}"),
      std::string("agent: a2c, net: {hidden: [8], memory: gru, size: 6}, train: {steps: 6}"),
      std::string("agent: reinforce, net: {hidden: [8], memory: lstm, size: 6}, reinforce: {baseline: value, "
                  "episodes_per_update: 3}, train: {steps: 6}"),
      std::string("agent: dqn, net: {hidden: [8], memory: gru, size: 6}, dqn: {num_envs: 2, batch_size: 16, "
                  "sequence: 4, burn_in: 2, n_step: 2, learning_starts: 20, buffer_size: 60, dueling: true}, "
                  "train: {steps: 8}"));
  INFO(own);
  const training::Logger silent{[](const std::string&, double) {}, {}};
  const Scratch scratch;
  training::Session run = pole(own);
  for (int k = 0; k < 3; ++k) run.step(silent);
  training::save_checkpoint(run, training::resolved(run.experiment), scratch / "last.h5");
  training::Session again = pole(own);
  training::load_checkpoint(again, scratch / "last.h5");
  trial::learn(run);
  trial::learn(again);
  const auto one = run.registry.tensors(), other = again.registry.tensors();
  for (size_t k = 0; k < one.size(); ++k) CHECK(torch::equal(one[k].second, other[k].second));
  CHECK(trial::grades(run) == trial::grades(again));
}

TEST_CASE("memory needs whole sequences, and an agent that has it", "[agents][nets][bad_input]") {
  CHECK(refusal([] {
          pole("agent: ppo, net: {memory: gru}, ppo: {num_steps: 64, minibatch_size: 96}, train: {steps: 1}");
        })
            .find("ppo.minibatch_size: networks with memory learn from whole sequences; expected a multiple "
                  "of the "
                  "64 steps of a rollout (num_steps), found 96") == 0);
  CHECK(
      refusal([] { pole("agent: dqn, net: {memory: gru}, dqn: {batch_size: 40}, train: {steps: 1000}"); }) ==
      "dqn.batch_size: networks with memory learn from whole sequences; expected a multiple of "
      "dqn.sequence = 16, found 40");
  CHECK(refusal([] {
          pole("agent: dqn, net: {memory: gru}, dqn: {prioritised: true}, train: {steps: 1000}");
        }).find("dqn.prioritised: networks with memory draw whole sequences") == 0);
  CHECK(refusal([] {
          pole("agent: bc, net: {memory: gru}, train: {steps: 1000}");
        }).find("net: bc has networks without memory") == 0);
  CHECK(refusal([] {
          pole("agent: reinforce, net: {shared: true}, train: {steps: 1}");
        }).find("net.shared: reinforce has a network for each purpose") == 0);
}

// Memory whose weights are 0 remembers nothing, and then adds nothing: what follows it is a net on zeros.
TEST_CASE("REINFORCE with memory learns what its actions were worth, however long the episodes",
          "[agents][nets]") {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  const auto bias = [&](const std::string& net) {
    training::Session run =
        pole("agent: reinforce, net: {hidden: [], " + net +
             "}, reinforce: {episodes_per_update: 6, normalize: false}, optim: {algorithm: sgd, lr: 1}, "
             "train: {steps: 1}, seed: 3");
    {
      const torch::NoGradGuard no_grad;
      for (const auto& [name, tensor] : run.registry.tensors()) tensor.zero_();
    }
    run.step(silent);
    for (const auto& [name, tensor] : run.registry.tensors())
      if (name.find("output.bias") != std::string::npos) return tensor.clone();
    return Tensor();
  };
  const Tensor plain = bias("memory: none"), remembering = bias("memory: gru, size: 3");
  REQUIRE(plain.defined());
  CHECK(plain.abs().max().item<double>() > 0.1);
  CHECK(torch::allclose(plain, remembering, 1e-4, 1e-5));
}

TEST_CASE("PPO learns several choices at once", "[agents][nets]") {
  training::Session run = trial::session(
      "{agent: ppo, env: {id: Pendulum-v1, max_episode_steps: 100, wrappers: [{name: discretize_action, "
      "bins: 3, "
      "joint: false}, {name: transform_reward, scale: 0.1}]}, net: {hidden: [16]}, train: {steps: 2}, eval: "
      "{episodes: 3}}",
      agents::all());
  trial::learn(run);
  CHECK(std::isfinite(trial::grades(run).at("eval/return_greedy")));
}

TEST_CASE("with memory PPO balances a pole whose speeds it does not see, without it falls",
          "[agents][nets][learning]") {
  const auto balance = [](const std::string& memory) {
    training::Session run = trial::session(
        "{agent: ppo, env: {id: CartPole-v1, wrappers: [mask_velocity, {name: transform_reward, scale: "
        "0.05}]}, "
        "net: {hidden: [32], memory: " +
            memory +
            ", size: 16}, eval: {episodes: 10}, ppo: {num_envs: 8, num_steps: 64, "
            "epochs: 5, minibatch_size: 256, gamma: 0.98, gae_lambda: 0.8}, optim: {lr: 4e-3, clip_norm: "
            "0.5}, "
            "train: {env_steps: 40k}}",
        agents::all());
    trial::learn(run);
    return trial::grades(run).at("eval/return_greedy");
  };
  CHECK(balance("none") < 70);
  CHECK(balance("gru") > 120);
}

TEST_CASE("DQN learns by convolutions where a grid is seen, and goes on after a checkpoint",
          "[agents][nets]") {
  const auto room = [] {
    return trial::session(
        "{agent: dqn, env: {id: MiniGrid-Empty-5x5-v0, max_episode_steps: 30}, net: {hidden: [16]}, eval: "
        "{episodes: 2}, "
        "dqn: {batch_size: 8, learning_starts: 20, buffer_size: 200, dueling: true}, train: {env_steps: "
        "100}}",
        agents::all());
  };
  const training::Logger silent{[](const std::string&, double) {}, {}};
  const Scratch scratch;
  training::Session run = room(), again = room();
  for (int k = 0; k < 5; ++k) run.step(silent);
  training::save_checkpoint(run, training::resolved(run.experiment), scratch / "last.h5");
  training::load_checkpoint(again, scratch / "last.h5");
  trial::learn(run);
  trial::learn(again);
  const auto one = run.registry.tensors(), other = again.registry.tensors();
  CHECK(one[0].first == "q/encoder.image_1.weight");
  for (size_t k = 0; k < one.size(); ++k) CHECK(torch::equal(one[k].second, other[k].second));
}

TEST_CASE("a grid is answered with the same bits alone and beside others, remembered or not",
          "[agents][nets]") {
  torch::manual_seed(5);
  const Space grid = Space::dict({{"image", Space::array({7, 7, 3}, 0, 10, envs::Dtype::uint8)},
                                  {"direction", Space::discrete(4, envs::Dtype::uint8)}});
  for (const std::string memory : {"none", "gru", "lstm"}) {
    PolicyNet net("test", grid, {{7, 1}}, {.mlp = {.hidden = {16}}, .memory = memory, .size = 8});
    const Tensor x = torch::randint(4, {40, grid.net_width()}, torch::kFloat32);
    const Tensor before = memory == "none" ? Tensor() : torch::randn({40, net.memory_size()});
    const Tensor together = net.answer({x, before}).clone();
    bool equal = true;
    for (int64_t i = 0; i < 40; ++i) {
      const Tensor own = before.defined() ? before.narrow(0, i, 1) : before;
      equal &= torch::equal(net.answer({x.narrow(0, i, 1), own}), together.narrow(0, i, 1));
    }
    INFO(memory);
    CHECK(equal);
  }
}

TEST_CASE("PPO learns from stacked pictures", "[agents][nets]") {
  envs::offscreen() = render::easel;
  training::Session run = trial::session(
      "{agent: ppo, env: {id: CartPole-v1, max_episode_steps: 20, wrappers: [{name: pixels, width: 40, "
      "height: 36}, "
      "{name: frame_stack, n: 2}]}, net: {hidden: [16], shared: true}, eval: {episodes: 2}, "
      "ppo: {num_envs: 2, num_steps: 16, minibatch_size: 32, epochs: 1}, train: {steps: 2}}",
      agents::all());
  const auto tensors = run.registry.tensors();
  CHECK(tensors[0].first == "policy/net.encoder.conv_1.weight");
  CHECK(tensors[0].second.sizes() == torch::IntArrayRef({32, 2, 8, 8}));
  const Tensor before = tensors[0].second.clone();
  trial::learn(run);
  CHECK_FALSE(tensors[0].second.equal(before));
  CHECK(trial::grades(run).at("eval/return_greedy") >= 1);
}
