// Actions that are impossible: never chosen, never learned from, never hoped for. Taxi tells what is
// possible.
#include <set>

#include "agents/action_mask.h"
#include "agents/actor.h"
#include "agents/all.h"
#include "agents/evaluation.h"
#include "agents/exact.h"
#include "agents/value/exploration.h"
#include "agents/value/return_head.h"
#include "envs/toy_text/taxi.h"
#include "tests/catch.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/distributions.h"

using namespace agents;

namespace {

const envs::Spec three_numbers{.id = "Test",
                               .observation = envs::Space::box({-1, -1, -1}, {1, 1, 1}),
                               .action = envs::Space::discrete(5)};

// [B, 5] with one possible action at least.
torch::Tensor some_mask(int64_t B) {
  torch::Tensor mask = torch::rand({B, 5}) < 0.5;
  mask.scatter_(1, torch::randint(5, {B, 1}, torch::kInt64), true);
  return mask.to(torch::kUInt8);
}

training::Session taxi(const std::string& own) {
  return trial::session("{env: Taxi-v4, eval: {episodes: 4}, " + own + "}", agents::all());
}

// How often a policy, played for a while, does what Taxi's mask rules out; the same of the probabilities.
int64_t impossible_deeds(training::Session& run, bool greedy) {
  int64_t wrong = 0;
  const auto look = [&](const core::EpisodeFormat&, const core::Episode& episode) {
    const auto* states = reinterpret_cast<const int32_t*>(episode.observations.data());
    const auto* actions = reinterpret_cast<const int64_t*>(episode.actions.data());
    for (int64_t t = 0; t < episode.header.length; ++t) {
      std::array<uint8_t, 6> mask{};
      envs::taxi_mask(envs::TaxiScene::of(states[t]), mask.data());
      wrong += !mask[static_cast<size_t>(actions[t])];
      if (!episode.probabilities.empty())
        for (size_t a = 0; a < 6; ++a)
          wrong += !mask[a] && episode.probabilities[static_cast<size_t>(t) * 6 + a] != 0;
    }
  };
  envs::Options env;
  core::Fields fields;
  fields.tagged("env", env.tagged(), "");
  core::read_fields(fields, core::parse_yaml("env: {id: Taxi-v4, max_episode_steps: 60}", "env"));
  play(env, run.registry.act, greedy, 3, 6, training::make_generator(1), 6, look);
  return wrong;
}

}  // namespace

TEST_CASE("slopes of a masked softmax equal autograd's over the possible actions", "[agents][masks]") {
  torch::manual_seed(1);
  Actor actor("test", three_numbers, PolicyNetOptions{.mlp = {.hidden = {8}, .activation = "tanh"}});
  const int64_t B = 64;
  const torch::Tensor x = torch::randn({B, 3}), mask = some_mask(B);
  const torch::Tensor outputs = actor->forward(x, mask).clone(), d_outputs = torch::zeros({B, 5});
  const torch::Tensor actions = torch::zeros({B}, torch::kInt64), log_probs = torch::zeros({B}),
                      entropies = torch::zeros({B}), noise = torch::rand({B});
  actor->sample(outputs, noise.data_ptr<float>(), actions, log_probs.data_ptr<float>());
  CHECK(mask.gather(1, actions.unsqueeze(1)).min().item<int>() == 1);
  for (int64_t i = 0; i < B; ++i) {
    const float* row = outputs.data_ptr<float>() + i * 5;
    entropies[i] = actor->likelihood(row, actor->action_at(actions, i)).entropy;
    actor->likelihood_backward(row, actor->action_at(actions, i), 0.7f, -0.3f,
                               d_outputs.data_ptr<float>() + i * 5);
  }
  CHECK((d_outputs * (mask == 0)).abs().max().item<float>() == 0);
  torch::Tensor logits = actor->net().native()->twin(x).detach().requires_grad_();
  const training::Categorical pi(logits.masked_fill(mask == 0, -INFINITY));
  CHECK(torch::allclose(log_probs, pi.log_prob(actions).detach(), 0, 1e-5));
  CHECK(torch::allclose(entropies, pi.entropy().detach(), 0, 1e-5));
  (0.7 * pi.log_prob(actions) - 0.3 * pi.entropy()).sum().backward();
  CHECK(torch::allclose(d_outputs, logits.grad(), 0, 1e-5));
}

TEST_CASE("no draw, not even the last one of all, is of an impossible action", "[agents][masks]") {
  Actor actor("test", three_numbers, PolicyNetOptions{.mlp = {.hidden = {}}});
  const int64_t B = 4;
  const torch::Tensor mask = torch::tensor({0, 1, 0, 1, 0}, torch::kUInt8).expand({B, 5}).contiguous();
  const torch::Tensor outputs = actor->forward(torch::randn({B, 3}), mask).clone();
  const torch::Tensor actions = torch::zeros({B}, torch::kInt64), log_probs = torch::zeros({B}),
                      noise = torch::tensor({0.0f, 0.9999999f, 1.0f, 0.5f});
  actor->sample(outputs, noise.data_ptr<float>(), actions, log_probs.data_ptr<float>());
  for (int64_t i = 0; i < B; ++i) CHECK(actions[i].item<int64_t>() % 2 == 1);
  CHECK(actions[0].item<int64_t>() == 1);
  CHECK(actions[2].item<int64_t>() == 3);
  core::Pcg64 random(1);
  std::set<int64_t> drawn;
  for (int k = 0; k < 100; ++k) drawn.insert(random_possible(5, row_of(mask, 0), random));
  CHECK(drawn == std::set<int64_t>{1, 3});
  const torch::Tensor many = random_actions(mask, B, 5, training::make_generator(1));
  CHECK((many.remainder(2) == 1).all().item<bool>());
}

TEST_CASE("the best action is the best of the possible ones, plain and dueling", "[agents][masks]") {
  const float rows[] = {9, 1, 5, 3, 2};
  const uint8_t mask[] = {0, 1, 0, 1, 1}, nothing[] = {0, 0, 0, 0, 0};
  CHECK(ReturnHead(5, false, Expectation{}).best(rows, mask) == 3);
  CHECK(ReturnHead(5, false, Expectation{}).best(rows) == 0);
  CHECK(ReturnHead(4, true, Expectation{}).best(rows, mask) == 1);
  CHECK(best_possible(rows, 5, nothing) == 0);
}

TEST_CASE("a random action that becomes impossible lasts no longer", "[agents][masks]") {
  Exploration lasting(1, 1000);
  core::Pcg64 random(2);
  const uint8_t first[] = {1, 0}, second[] = {0, 1};
  for (int k = 0; k < 200; ++k) {
    CHECK(lasting.next(0, 1, 2, random, first) == 0);
    CHECK(lasting.next(0, 1, 2, random, second) == 1);
  }
}

TEST_CASE("a table's mask is what its environment tells", "[agents][masks]") {
  const std::vector<uint8_t> mask = action_mask(envs::taxi_transitions({}));
  for (int64_t s = 0; s < 500; ++s) {
    std::array<uint8_t, 6> row{};
    envs::taxi_mask(envs::TaxiScene::of(s), row.data());
    CHECK(std::equal(row.begin(), row.end(), mask.begin() + 6 * s));
  }
}

TEST_CASE("what an episode's last step left possible is told, beside what the next one begins with",
          "[agents][masks]") {
  const auto env = envs::all().at("Taxi-v4").factory().make(4, "exact", 3);
  std::vector<int32_t> now(4), last(4);
  std::vector<float> reward(4);
  std::vector<uint8_t> terminated(4), truncated(4), mask(24), expected(24);
  const std::vector<int64_t> actions{0, 1, 2, 3};
  env->reset(5, reinterpret_cast<std::byte*>(now.data()));
  for (int t = 0; t < 3; ++t)
    env->step({.discrete = actions.data()}, {.obs = reinterpret_cast<std::byte*>(now.data()),
                                             .reward = reward.data(),
                                             .terminated = terminated.data(),
                                             .truncated = truncated.data(),
                                             .final_obs = reinterpret_cast<std::byte*>(last.data()),
                                             .final_action_mask = mask.data()});
  for (size_t i = 0; i < 4; ++i) envs::taxi_mask(envs::TaxiScene::of(last[i]), expected.data() + 6 * i);
  CHECK(mask == expected);
  env->action_mask(mask.data());
  for (size_t i = 0; i < 4; ++i) envs::taxi_mask(envs::TaxiScene::of(now[i]), expected.data() + 6 * i);
  CHECK(mask == expected);
}

TEST_CASE("no agent does what is impossible, fresh or trained, greedily or not", "[agents][masks]") {
  const std::string agent = GENERATE(
      std::string("agent: q_learning, train: {steps: 5}"), std::string("agent: dyna_q, train: {steps: 5}"),
      std::string("agent: tree_backup, train: {steps: 5}"),
      std::string("agent: double_q_learning, train: {steps: 5}"),
      std::string("agent: dqn, net: {hidden: [16]}, dqn: {batch_size: 16, learning_starts: 50, dueling: "
                  "true, epsilon_lasts: 4}, train: {env_steps: 400}"),
      std::string("agent: ppo, net: {hidden: [16]}, ppo: {num_steps: 32}, train: {steps: 3}"),
      std::string(
          "agent: ppo, net: {hidden: [16], activation: gelu}, ppo: {num_steps: 32}, train: {steps: 3}"),
      std::string("agent: a2c, net: {hidden: [16]}, train: {steps: 3}"),
      std::string(
          "agent: ppo, net: {hidden: [16], memory: lstm, size: 8, shared: true}, ppo: {num_steps: 32}, "
          "train: {steps: 3}"),
      std::string(
          "agent: reinforce, net: {hidden: [16]}, reinforce: {episodes_per_update: 2}, train: {steps: 1}"),
      std::string("agent: trpo, net: {hidden: [16]}, trpo: {num_steps: 128}, train: {steps: 3}"),
      std::string("agent: q_network, q_network: {num_steps: 50}, train: {steps: 5}"),
      std::string("agent: q_network, q_network: {target: sarsa, num_steps: 50}, train: {steps: 5}"),
      std::string("agent: openai_es, net: {hidden: [16]}, openai_es: {population: 4, episodes: 1}, train: "
                  "{steps: 1}"));
  INFO(agent);
  training::Session run = taxi(agent);
  CHECK(impossible_deeds(run, true) == 0);
  trial::learn(run);
  CHECK(impossible_deeds(run, true) == 0);
  CHECK(impossible_deeds(run, false) == 0);
}

TEST_CASE("no table learns of what is impossible, played or planned", "[agents][masks]") {
  const std::string agent = GENERATE("q_learning", "sarsa", "expected_sarsa", "double_q_learning",
                                     "n_step_sarsa", "tree_backup", "monte_carlo", "dyna_q");
  INFO(agent);
  training::Session run = taxi("agent: " + agent + ", train: {steps: 300}");
  trial::learn(run);
  const auto tensors = run.registry.tensors();
  const torch::Tensor visits = tensors.at(1).second;  // [S, A]
  std::vector<uint8_t> mask = action_mask(envs::taxi_transitions({}));
  const torch::Tensor possible = torch::from_blob(mask.data(), {500, 6}, torch::kUInt8);
  CHECK(visits.sum().item<double>() > 1000);
  if (agent == "q_learning") CHECK(visits.sum().item<double>() == 300 * 100);
  CHECK((visits * (possible == 0)).sum().item<double>() == 0);
}

TEST_CASE("masked Q-learning, DQN and PPO drive the taxi as well as value iteration", "[agents][masks]") {
  const std::string agent = GENERATE(
      std::string("agent: q_learning, train: {env_steps: 400k}"),
      std::string(
          "agent: dqn, net: {hidden: [32]}, dqn: {gamma: 0.9, num_envs: 8, train_every: 16, batch_size: 64, "
          "learning_starts: 2000, buffer_size: 30k, target_every: 50, epsilon_end: 0.1}, "
          "optim: {lr: 5e-3, schedule: linear}, train: {env_steps: 150k}"),
      std::string(
          "agent: ppo, net: {hidden: []}, ppo: {gamma: 0.9, num_envs: 16, num_steps: 64, "
          "minibatch_size: 256, entropy_coef: 0.2}, optim: {lr: 0.02, schedule: linear, clip_norm: 0.5}, "
          "train: {env_steps: 600k}"));
  INFO(agent);
  training::Session run = taxi(agent);
  CHECK(trial::grades(run).at("eval/return_exact") < 0);
  trial::learn(run);
  const double best = best_expected_return(envs::taxi_transitions({}), 200);
  CHECK(best == Approx(7.93).margin(1e-9));
  CHECK(trial::grades(run).at("eval/return_exact") == Approx(best).margin(1e-9));
}
