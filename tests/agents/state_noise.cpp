// Exploration by the state: deviations and noise against what is computed by hand, how long a matrix lasts,
// and that a run goes on with it.
#include "agents/state_noise.h"

#include <cstring>

#include "agents/actor.h"
#include "agents/all.h"
#include "agents/squashed_actor.h"
#include "tests/agents/continuous/by_hand.h"
#include "tests/agents/row_slopes.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/distributions.h"
#include "training/loop/checkpoint.h"

namespace tests::state_noise {

using namespace agents;

namespace {

envs::Spec two_actions() {
  return {.id = "Test",
          .observation = envs::Space::box({-1, -1, -1}, {1, 1, 1}),
          .action = envs::Space::box({-1, -1}, {1, 1})};
}

// A net whose last hidden layer, a tanh, is 5 wide: what it sees and the deviations by its parameters.
struct ByHand {
  torch::Tensor mean, log_deviation, phi;  // [B, 2], [B, 2], [B, 5]
};

ByHand twin_of(const torch::nn::Module& net, const torch::Tensor& x, const std::string& prefix) {
  std::map<std::string, torch::Tensor> p;
  for (const auto& item : net.named_parameters()) p[item.key()] = item.value();
  const auto of = [&](const std::string& name) { return p.at(prefix + name); };
  const torch::Tensor phi = torch::tanh(torch::linear(x, of("mlp.hidden_1.weight"), of("mlp.hidden_1.bias")));
  torch::Tensor variance = torch::full({x.size(0), 2}, 1e-6);
  for (int64_t f = 0; f < 5; ++f)
    variance = variance + (phi.narrow(1, f, 1) * of("deviation.log_sigma")[f].exp()).square();
  return {torch::linear(phi, of("mlp.output.weight"), of("mlp.output.bias")), 0.5 * variance.log(), phi};
}

PolicyNetOptions options_of(const StateDependence& sde) {
  return {.mlp = {.hidden = {5}, .activation = "tanh"}, .sde = sde};
}

// What a run keeps of its exploration's matrices.
std::vector<float> matrices(const training::Session& run) {
  core::Archive archive;
  for (const auto& state : run.registry.states)
    if (state.path == "/buffers/exploration") state.archive(archive);
  const auto& bytes = archive.blobs().at("matrices");
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

training::Session pendulum(const std::string& own) {
  return trial::session(
      "{env: {id: Pendulum-v1, max_episode_steps: 10}, net: {hidden: [8]}, eval: {episodes: 2}, " + own + "}",
      agents::all());
}

const std::string a2c = "agent: a2c, train: {steps: 8}, a2c: {num_envs: 2, num_steps: 5, sde: true";
const std::string sac = "agent: sac, train: {steps: 40}, sac: {learning_starts: 0, batch_size: 4, sde: true";

}  // namespace

TEST_CASE("over all matrices the noise of a state has the deviation that the policy says", "[agents][sde]") {
  torch::manual_seed(1);
  constexpr int64_t N = 40000, F = 4, A = 2;
  StateDeviation deviation(F, A, -1);
  deviation->parameters()[0].data().add_(0.3 * torch::randn({F, A}));
  const torch::Tensor phi = torch::randn({F}), eps = torch::randn({N, F, A}),
                      sigma = deviation->parameters()[0].detach().exp();
  const torch::Tensor rows = phi.expand({N, F}), said = deviation->forward(rows.narrow(0, 0, 1)).exp()[0];
  const torch::Tensor noise = deviation->noise(rows, eps);  // [N, A]
  for (int64_t a = 0; a < A; ++a) {
    double variance = 1e-6, drawn = 0;
    for (int64_t f = 0; f < F; ++f) {
      variance += std::pow(phi[f].item<double>() * sigma[f][a].item<double>(), 2);
      drawn += phi[f].item<double>() * sigma[f][a].item<double>() * eps[7][f][a].item<double>();
    }
    CHECK(said[a].item<double>() == Approx(std::sqrt(variance)).epsilon(1e-5));
    CHECK(noise[7][a].item<double>() == Approx(drawn / std::sqrt(variance)).epsilon(1e-4));
    CHECK(noise.select(1, a).mean().item<double>() == Approx(0).margin(0.02));
    CHECK(noise.select(1, a).square().mean().item<double>() == Approx(1).epsilon(0.03));
  }
}

TEST_CASE("a Gaussian policy's log-probabilities by the state and their slopes equal autograd's",
          "[agents][sde]") {
  torch::manual_seed(2);
  const bool with_value = GENERATE(false, true);
  Actor actor("test", two_actions(), options_of({.log_sigma = -0.5}), with_value);
  constexpr int64_t B = 20;
  REQUIRE(actor->width() == (with_value ? 5 : 4));
  const torch::Tensor x = torch::randn({B, 3}), actions = torch::randn({B, 2}),
                      d_log_prob = torch::randn({B}), d_entropy = torch::randn({B}),
                      outputs = actor->forward(x).clone();
  const RowSlopes found = row_slopes(*actor, outputs, actions, d_log_prob, d_entropy);
  const ByHand hand = twin_of(*actor, x, "net.");
  if (with_value) CHECK(torch::allclose(outputs.select(1, 4), hand.mean.select(1, 2), 1e-5, 1e-6));
  const training::Normal pi(hand.mean.narrow(1, 0, 2), hand.log_deviation);
  const torch::Tensor log_prob = pi.log_prob(actions).sum(1), entropy = pi.entropy().sum(1);
  CHECK(torch::allclose(found.log_probs, log_prob.detach(), 1e-4, 1e-5));
  CHECK(torch::allclose(found.entropies, entropy.detach(), 1e-4, 1e-5));
  (d_log_prob * log_prob + d_entropy * entropy).sum().backward();
  const auto parameters = actor->parameters();
  for (size_t i = 0; i < parameters.size(); ++i)
    CHECK(torch::allclose(found.gradients[i], parameters[i].grad(), 1e-3, 1e-4));
}

TEST_CASE("features move with the mean alone where the deviation's slope is to leave them", "[agents][sde]") {
  torch::manual_seed(3);
  const torch::Tensor x = torch::randn({4, 3}), d = torch::tensor({0.0f, 0.0f, 1.0f, 1.0f}).repeat({4, 1});
  for (const bool moves : {false, true}) {
    Actor actor("test", two_actions(), options_of({.moves_features = moves}));
    actor->forward(x);
    actor->net().backward(d);
    double of_features = 0, of_sigma = 0;
    for (const auto& item : actor->named_parameters()) {
      const torch::Tensor& grad = item.value().grad();
      if (!grad.defined()) continue;
      (item.key() == "net.deviation.log_sigma" ? of_sigma : of_features) += grad.abs().sum().item<double>();
    }
    CHECK(of_sigma > 0);
    CHECK((of_features > 0) == moves);
  }
}

TEST_CASE("a squashed policy's outputs are its mean, held, and its deviation by the state", "[agents][sde]") {
  torch::manual_seed(4);
  PolicyNetOptions options = options_of({.log_sigma = -1, .mean_limit = 0.4});
  options.mlp.out_gain = 3;
  SquashedActor actor("test", two_actions(), options);
  const torch::Tensor x = torch::randn({30, 3}), outputs = actor.forward(NetInput(x)).clone();
  const ByHand hand = twin_of(*actor.module(), x, "");
  CHECK(torch::allclose(outputs.narrow(1, 0, 2), hand.mean.clamp(-0.4, 0.4), 1e-5, 1e-6));
  CHECK(torch::allclose(outputs.narrow(1, 2, 2), hand.log_deviation, 1e-5, 1e-5));
  CHECK(hand.mean.abs().max().item<double>() > 0.4);
  const torch::Tensor eps = torch::randn({30, 5, 2}), noise = actor.net().state_noise(eps);
  std::array<float, 2> action{};
  const float log_prob = squash(outputs[3].data_ptr<float>(), noise[3].data_ptr<float>(), 2, action.data());
  const torch::Tensor sigma = actor.module()->named_parameters()["deviation.log_sigma"].exp(),
                      theta = sigma * eps[3], inside = outputs[3].narrow(0, 0, 2) + hand.phi[3].matmul(theta);
  const torch::Tensor one = torch::ones({2});
  const training::SquashedNormal pi({outputs[3].narrow(0, 0, 2), hand.log_deviation[3]}, -one, one);
  for (int64_t a = 0; a < 2; ++a)
    CHECK(action[size_t(a)] == Approx(inside[a].tanh().item<double>()).margin(1e-5));
  CHECK(log_prob == Approx(pi.log_prob(inside).sum().item<double>()).epsilon(1e-4));
}

TEST_CASE("a matrix lasts until an episode begins, or for its steps", "[agents][sde]") {
  for (const int64_t every : {0, 3}) {
    StateNoise noise(2, 4, 1, every, training::make_generator(5));
    torch::Tensor before = noise.next().clone();
    CHECK(before.abs().min().item<double>() > 0);
    for (int64_t t = 1; t < 12; ++t) {
      if (t == 5) noise.restart(1);
      const torch::Tensor now = noise.next().clone();
      const auto is_new = [&](int64_t i) { return !torch::equal(now[i], before[i]); };
      CHECK(is_new(0) == (every > 0 && t % 3 == 0));
      CHECK(is_new(1) == (t == 5 || (every > 0 && (t < 5 ? t % 3 == 0 : (t - 5) % 3 == 0))));
      before = now;
    }
  }
}

TEST_CASE("saved matrices go on where they were, and are refused where they are none",
          "[agents][sde][restored]") {
  StateNoise noise(1, 2, 1, 4, training::make_generator(6)), again(1, 2, 1, 4, training::make_generator(7));
  for (int t = 0; t < 3; ++t) noise.next();
  core::Archive saved;
  noise.state(saved);
  auto blobs = saved.blobs();
  core::Archive loaded(blobs);
  again.state(loaded);
  CHECK(torch::equal(noise.next(), again.next()));        // the fourth step of the matrix
  CHECK_FALSE(torch::equal(noise.next(), again.next()));  // the next one, by each one's own numbers
  const float infinite = std::numeric_limits<float>::infinity();
  std::memcpy(blobs.at("matrices").data(), &infinite, sizeof infinite);
  core::Archive bad(blobs);
  CHECK(refusal([&] { again.state(bad); }) ==
        "saved state of the exploration's noise holds what is not finite");
}

TEST_CASE("agents keep a matrix for an episode, or for as many steps as they are told", "[agents][sde]") {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (const auto& [own, steps] : {std::pair{a2c + "}", 10},
                                   {a2c + ", sde_sample_freq: 5}", 5},
                                   {sac + "}", 10},
                                   {sac + ", sde_sample_freq: 4}", 4}}) {
    INFO(own);
    training::Session run = pendulum(own);
    run.step(silent);
    std::vector<float> before = matrices(run);
    const int64_t of_step = run.counters.env_steps / (own.starts_with("agent: a2c") ? 2 : 1);
    for (int64_t t = of_step; run.progress() < 1;
         t += of_step) {  // the steps that each environment has taken
      run.step(silent);
      const int64_t within = t % 10;  // of the episode; 4 does not divide it
      const bool due = steps == 10 ? within == 0 : within % steps == 0;
      CHECK((matrices(run) != before) == due);
      before = matrices(run);
    }
  }
}

TEST_CASE("a run goes on with its matrices as if it had never stopped", "[agents][sde]") {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (const std::string& own : {a2c + ", sde_sample_freq: 8}", sac + "}"}) {
    INFO(own);
    const Scratch scratch;
    training::Session run = pendulum(own), again = pendulum(own);
    for (int k = 0; k < 3; ++k) run.step(silent);
    training::save_checkpoint(run, training::resolved(run.experiment), scratch / "last.h5");
    training::load_checkpoint(again, scratch / "last.h5");
    trial::learn(run);
    trial::learn(again);
    CHECK(matrices(run) == matrices(again));
    const auto one = run.registry.tensors(), other = again.registry.tensors();
    for (size_t k = 0; k < one.size(); ++k) CHECK(torch::equal(one[k].second, other[k].second));
    CHECK(trial::grades(run) == trial::grades(again));
  }
}

TEST_CASE("SAC holds a rod upright by noise that lasts", "[agents][sde][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    const std::string yaml = "{agent: sac, seed: " + seed + ", " + by_hand::upright + "sac: {" +
                             by_hand::replayed + ", train_every: 2, sde: true, sde_log_std: -2}}";
    by_hand::check_holds(trial::session(yaml, agents::all()), "seed " + seed, -30);
  }
}

// 2 s each: one seed has to do.
TEST_CASE("PPO holds a rod upright by noise that lasts", "[agents][sde][learning]") {
  const std::string yaml =
      "{agent: ppo, seed: 1, " + by_hand::rod +
      "train: {env_steps: 25000}, ppo: {num_envs: 8, num_steps: 64, minibatch_size: 128, epochs: 6, "
      "gamma: 0.9, sde: true, sde_sample_freq: 8, sde_log_std: -0.5}}";
  by_hand::check_holds(trial::session(yaml, agents::all()), "PPO", -30);
}

TEST_CASE("noise by the state needs actions that are numbers", "[agents][sde][bad_input]") {
  for (const std::string agent : {"a2c", "ppo"}) {
    const std::string said = refusal([&] {
      trial::session(
          "{agent: " + agent + ", env: CartPole-v1, " + agent + ": {sde: true}, train: {steps: 1}}",
          agents::all());
    });
    CHECK(said == agent + ".sde: noise by the state needs a Box action space; CartPole-v1 has Discrete(2)");
  }
}

}  // namespace tests::state_noise
