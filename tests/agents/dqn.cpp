// DQN: its loss against autograd, its switches against what they promise, and what it refuses.
#include "agents/value/return_head.h"

#include "agents/all.h"
#include "core/error.h"
#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace agents;

namespace {

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

training::Session session(const std::string& yaml) { return trial::session(yaml, agents::all()); }

// A lake without wind whose goal lies two steps to the right and two down.
training::Session lake(const std::string& own, int64_t seed) {
  return session("{seed: " + std::to_string(seed) +
                 ", agent: dqn, env: {id: FrozenLake-v1, map: [SFF, HHF, HHG], is_slippery: false, " +
                 "max_episode_steps: 8}, eval: {episodes: 2}, net: {hidden: [32]}, " +
                 "dqn: {train_every: 2, batch_size: 32, learning_starts: 500, " + own +
                 "}, optim: {lr: 5e-3}, train: {env_steps: 4000}}");
}

std::vector<torch::Tensor> parameters_of(training::Session& session) {
  std::vector<torch::Tensor> all;
  for (const auto& [name, tensor] : session.registry.tensors()) all.push_back(tensor);
  return all;
}

// The twin of the head, in LibTorch's operations.
torch::Tensor values_of(const torch::Tensor& outputs, bool dueling) {
  if (!dueling) return outputs;
  const torch::Tensor advantages = outputs.narrow(1, 1, outputs.size(1) - 1);
  return outputs.narrow(1, 0, 1) + advantages - advantages.mean(1, true);
}

// Gusts blow to either side of where one steers: on a bridge between a prize and a fall every action is worth
// nothing, but never the same nothing.
const std::string bridge =
    "{id: FrozenLake-v1, map: [HSG], success_rate: 0, reward_schedule: [1, -1, 0], max_episode_steps: 20}";

// Mean of max Q - return in the middle of the bridge, over the second half of learning. The return is 0 on
// average, whatever one does.
double overestimate(const std::string& double_q, int64_t seed) {
  training::Session run =
      session("{seed: " + std::to_string(seed) + ", agent: dqn, env: " + bridge +
              ", net: {hidden: [32]}, dqn: {double: " + double_q +
              ", gamma: 0.9, train_every: 2, batch_size: 16, buffer_size: 200, learning_starts: 200, "
              "target_every: 200, epsilon_end: 0.5}, optim: {lr: 3e-3}, train: {env_steps: 10000}}");
  const training::Logger silent{[](const std::string&, double) {}, {}};
  double sum = 0, moments = 0;
  while (run.progress() < 1) {
    run.step(silent);
    if (run.progress() < 0.5) continue;
    const torch::NoGradGuard no_grad;
    sum += run.registry.act(torch::ones({1}, torch::kInt64), true, {}).q.max().item<double>();
    ++moments;
  }
  return sum / moments;
}

}  // namespace

TEST_CASE("slopes of DQN's loss equal autograd's, plain and dueling, huber and squared", "[agents][dqn]") {
  torch::manual_seed(1);
  const int64_t B = 64;
  for (const bool dueling : {false, true})
    for (const bool huber : {false, true}) {
      ReturnHead head(3, dueling, Expectation{huber});
      const int64_t K = head.outputs();
      const torch::Tensor outputs = torch::randn({B, K}), actions = torch::randint(3, {B}, torch::kInt64),
                          targets = 2 * torch::randn({B}), weights = torch::rand({B});
      torch::Tensor d_outputs = torch::full({B, K}, NAN), losses = torch::zeros({B}),
                    values = torch::zeros({B});
      for (int64_t b = 0; b < B; ++b) {
        const float nothing = 0;
        const TdLoss row = head.loss(outputs.data_ptr<float>() + b * K, actions[b].item<int64_t>(),
                                     {.reward = targets[b].item<float>(), .discount = 0, .next = &nothing},
                                     weights[b].item<float>(), d_outputs.data_ptr<float>() + b * K);
        losses[b] = row.loss;
        values[b] = row.value;
        CHECK(row.error == Approx(row.value - targets[b].item<float>()));
      }
      const torch::Tensor twin = outputs.clone().requires_grad_();
      const torch::Tensor q = values_of(twin, dueling),
                          action_at = q.gather(1, actions.unsqueeze(1)).squeeze(1);
      const torch::Tensor each = huber ? torch::smooth_l1_loss(action_at, targets, at::Reduction::None)
                                       : 0.5 * (action_at - targets).square();
      (weights * each).sum().backward();
      INFO("dueling " << dueling << ", huber " << huber);
      CHECK((values - targets).abs().max().item<double>() > 1);  // both pieces of huber are visited
      CHECK(furthest(values, action_at.detach()) < 1e-6);
      CHECK(furthest(head.values(outputs), q.detach()) < 1e-6);
      CHECK(furthest(losses, (weights * each).detach()) < 1e-6);
      CHECK(furthest(d_outputs, twin.grad()) < 1e-6);
      for (int64_t b = 0; b < B; ++b)
        CHECK(head.best(outputs.data_ptr<float>() + b * K) == q[b].argmax().item<int64_t>());
    }
}

TEST_CASE("a dueling head's values have the state's value as their mean", "[agents][dqn]") {
  ReturnHead head(2, true, Expectation{});
  const std::array<float, 3> row{10, 1, 5};
  CHECK(head.value(row.data(), 0) == 8);
  CHECK(head.value(row.data(), 1) == 12);
}

TEST_CASE("DQN learns a way of four steps that no fresh network knows", "[agents][dqn][learning]") {
  const std::string own = GENERATE(
      std::string("double: false, target_every: 20"),
      std::string("double: true, dueling: true, loss: squared, target_every: 20"),
      std::string("prioritised: true, n_step: 3, num_envs: 3, buffer_size: 1000, tau: 0.2, target_every: 4"));
  const int64_t seed = GENERATE(1, 2, 3);
  INFO(own << ", seed " << seed);
  training::Session run = lake(own, seed);
  CHECK(trial::grades(run).at("eval/return_greedy") == 0);
  trial::learn(run);
  CHECK(trial::grades(run).at("eval/return_greedy") == 1);
}

TEST_CASE("learning is the same at any number of threads", "[agents][dqn]") {
  const std::string trial = agents::all().at("dqn").trial;
  std::vector<std::vector<torch::Tensor>> learned;
  for (const std::string threads : {"1", "2"}) {
    training::Session run = trial::session(trial, agents::all(), {"train.threads=" + threads});
    trial::learn(run);
    learned.push_back(parameters_of(run));
  }
  at::set_num_threads(1);
  REQUIRE(!learned[0].empty());
  for (size_t i = 0; i < learned[0].size(); ++i) CHECK(torch::equal(learned[0][i], learned[1][i]));
}

TEST_CASE("gradients that are accumulated move neither weights nor target before their step",
          "[agents][dqn]") {
  training::Session run = session(
      "{agent: dqn, env: CartPole-v1, net: {hidden: [8]}, dqn: {train_every: 1, batch_size: 4, "
      "learning_starts: 4, target_every: 2}, optim: {accumulate: 3}, train: {env_steps: 1000}}");
  const auto differ = [&] {  // the target from the network
    double most = 0;
    const auto all = run.registry.tensors();
    for (const auto& [name, tensor] : all)
      for (const auto& [other, twin] : all)
        if (name.rfind("q/", 0) == 0 && other == "target/" + name.substr(2))
          most = std::max(most, furthest(tensor, twin));
    return most;
  };
  const training::Logger silent{[](const std::string&, double) {}, {}};
  int64_t learned = 0;  // batches
  std::vector<bool> apart;
  while (learned < 12) {
    run.step(silent);
    learned += run.counters.env_steps >= 4;
    if (run.counters.env_steps >= 4) apart.push_back(differ() > 0);
  }
  // A step at every third batch; every second step brings the target along.
  CHECK(run.counters.updates.at("q") == 4);
  CHECK(apart ==
        std::vector<bool>{false, false, true, true, true, false, false, false, true, true, true, false});
}

TEST_CASE("double DQN overestimates less on the same run", "[agents][dqn]") {
  for (const int64_t seed : {1, 2, 3}) {
    INFO("seed " << seed);
    const double plain = overestimate("false", seed), twice = overestimate("true", seed);
    CHECK(plain > 0.1);
    CHECK(twice < 0.7 * plain);
  }
}

TEST_CASE("DQN's memory is said at the start", "[agents][dqn]") {
  const training::Session run =
      session("{agent: dqn, env: CartPole-v1, dqn: {buffer_size: 10k}, train: {env_steps: 2000}}");
  REQUIRE(run.registry.notes.size() == 1);
  CHECK(run.registry.notes[0] == "a replay of 10000 transitions of CartPole-v1 takes 301 kB of memory");
}

TEST_CASE("what DQN cannot learn from is refused", "[agents][dqn][bad_input]") {
  const auto says = [](const std::string& own) {
    return refusal([&] { session("{agent: dqn, " + own + "}"); });
  };
  CHECK(says("env: CartPole-v1, dqn: {batch_size: 64, buffer_size: 63}, train: {env_steps: 5000}") ==
        "dqn.buffer_size: expected at least batch_size + num_envs * (n_step - 1) = 64 transitions, found 63");
  CHECK(says("env: CartPole-v1, dqn: {batch_size: 64, buffer_size: 64, num_envs: 2, n_step: 2}, "
             "train: {env_steps: 5000}")
            .find("= 66 transitions, found 64") != std::string::npos);
  CHECK(says("env: CartPole-v1, dqn: {learning_starts: 1001}, train: {env_steps: 1000}") ==
        "dqn.learning_starts: expected the first update within the budget of 1000 transitions, found it "
        "after 1001");
  CHECK(says("env: CartPole-v1, dqn: {learning_starts: 0, num_envs: 4, train_every: 6}, train: {steps: 15}")
            .find("the budget of 120 transitions, found it after 128") != std::string::npos);
  CHECK(says("env: CartPole-v1, dqn: {buffer_size: 1e12}, train: {env_steps: 5000}")
            .find("dqn.buffer_size: a replay of 1000000000000 transitions of CartPole-v1, held twice while a "
                  "checkpoint is written, needs 60.1 TB of memory, and ") == 0);
  CHECK(says("env: Pendulum-v1, train: {env_steps: 5000}")
            .find("dqn needs a Discrete action space; Pendulum-v1 has Box") != std::string::npos);
}

TEST_CASE("to use a DQN's weights no replay is built, and those kept as the best hold none", "[agents]") {
  const Scratch scratch;
  const std::string yaml =
      "{agent: dqn, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [8]}, "
      "dqn: {buffer_size: 2000, batch_size: 8, learning_starts: 10}, train: {steps: 5}}";
  auto run = trial::session(yaml, agents::all());
  trial::learn(run);
  run.experiment.seed = 0;
  std::string config = training::resolved(run.experiment);
  training::save_weights(run, config, scratch / "best.h5");
  training::save_checkpoint(run, config, scratch / "last.h5");
  CHECK(core::h5::File::open(scratch / "last.h5").exists("/buffers/replay"));
  CHECK_FALSE(core::h5::File::open(scratch / "best.h5").exists("/buffers/replay"));
  CHECK_FALSE(core::h5::File::open(scratch / "best.h5").exists("/optim"));
  // A machine that could not hold the replay plays all the same.
  const std::string small = "buffer_size: 2000", large = "buffer_size: 1000000000000";
  config.replace(config.find(small), small.size(), large);
  training::save_weights(run, config, scratch / "large.h5");
  static const core::Table<training::Entry> no_models("model", {});
  auto used = training::load_trained(scratch / "large.h5", {agents::all(), no_models});
  CHECK(trial::grades(used) == trial::grades(run));
  CHECK_THROWS_AS(training::load_checkpoint(run, scratch / "best.h5"), core::Error);
}
