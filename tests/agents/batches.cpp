// A greedy policy answers an observation with the same bits, whatever others stand beside it: on the kernels'
// road and on LibTorch's.
#include "agents/all.h"
#include "agents/evaluation.h"
#include "tests/catch.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace agents;

namespace {

const std::vector<std::string> policies{
    "agent: dqn",
    "agent: dqn, dqn: {dueling: true}",
    "agent: dqn, net: {activation: gelu}",
    "agent: ppo",
    "agent: a2c, net: {hidden: [13, 7]}",
    "agent: ppo, net: {activation: gelu}",
    "agent: ppo, net: {memory: gru, size: 8}",
    "agent: reinforce",
    "agent: reinforce, net: {hidden: [20, 33], activation: tanh}",
    "agent: openai_es",
    "agent: trpo",
    "agent: q_network, net: {hidden: [20]}",
    "agent: td3, net: {hidden: [13, 7]}",
    "agent: ars",
};

bool fits(const std::string& policy, const std::string& env) {
  const bool chooses = policy.find("ppo") == std::string::npos && policy.find("td3") == std::string::npos;
  return env == "Pendulum-v1" ? !chooses : policy.find("td3") == std::string::npos;
}

training::Session session(const std::string& agent, const std::string& env) {
  return trial::session("{" + agent + ", env: " + env + ", train: {env_steps: 5000}}", agents::all());
}

// All that a policy says of N observations, [N, ...].
std::vector<torch::Tensor> said(const training::PolicyOutput& a) {
  std::vector<torch::Tensor> all;
  for (const torch::Tensor& part : {a.actions, a.probabilities, a.q, a.value})
    if (part.defined()) all.push_back(part.clone());
  return all;
}

}  // namespace

TEST_CASE("an observation is answered with the same bits in any batch", "[agents][batches]") {
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  for (const std::string& policy : policies)
    for (const std::string env : {"CartPole-v1", "LunarLander-v3", "Pendulum-v1"}) {
      if (!fits(policy, env)) continue;
      training::Session run = session(policy, env);
      for (auto& [name, tensor] : run.registry.tensors()) tensor.normal_(0, 0.5);
      const int64_t width = env == "CartPole-v1" ? 4 : env == "Pendulum-v1" ? 3 : 8;
      const torch::Tensor x = torch::randn({70, width});
      const auto answer = [&](int64_t first, int64_t n) {
        return said(run.registry.act(x.narrow(0, first, n), true, {}));
      };
      std::vector<std::vector<torch::Tensor>> alone;
      for (int64_t i = 0; i < 70; ++i) alone.push_back(answer(i, 1));
      INFO(policy << ", " << env);
      bool equal = true;
      for (int64_t n = 1; n <= 70; ++n) {
        const auto together = answer(0, n);
        for (size_t part = 0; part < together.size(); ++part)
          for (int64_t i = 0; i < n; ++i)
            equal &= torch::equal(together[part].narrow(0, i, 1), alone[static_cast<size_t>(i)][part]);
      }
      CHECK(equal);
    }
}

TEST_CASE("an episode's return does not depend on how many are evaluated together", "[agents][batches]") {
  torch::manual_seed(2);
  for (const std::string policy : {"agent: dqn", "agent: reinforce"}) {
    training::Session run = session(policy, "CartPole-v1");
    const torch::NoGradGuard no_grad;
    for (auto& [name, tensor] : run.registry.tensors()) tensor.normal_(0, 0.5);
    envs::Options env;
    core::Fields fields;
    fields.tagged("env", env.tagged(), "");
    core::read_fields(fields, core::parse_yaml("env: CartPole-v1", "env"));
    const auto returns = [&](uint64_t seed, int64_t n) {
      std::vector<double> all;
      play(env, run.registry.act, true, seed, n, {}, n,
           [&](const auto&, const core::Episode& e) { all.push_back(e.header.episode_return); });
      return all;
    };
    const std::vector<double> together = returns(70000, 70);
    for (uint64_t i = 0; i < 70; ++i) CHECK(returns(70000 + i, 1)[0] == together[i]);
  }
}

TEST_CASE("a policy that was loaded drops nothing out", "[agents]") {
  const Scratch scratch;
  training::Session run = session("agent: reinforce, net: {dropout: 0.5}", "CartPole-v1");
  training::save_checkpoint(run, training::resolved(run.experiment), scratch / "best.h5");
  const torch::NoGradGuard no_grad;
  const training::Policy act = load_policy(scratch / "best.h5");
  const torch::Tensor x = torch::randn({40, 4});
  CHECK(torch::equal(act(x, true, {}).probabilities, act(x, true, {}).probabilities));
}
