// TD3 and DDPG: their targets, slopes and delays against what is computed by hand, and what they learn.
#include "agents/continuous/action_noise.h"
#include "agents/continuous/deterministic_actor.h"
#include "agents/continuous/td3.h"
#include "tests/agents/continuous/by_hand.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace agents;
using by_hand::Registered;
using by_hand::two_by_two;

namespace {

training::Session agent(const std::string& yaml) { return trial::session("{" + yaml + "}", agents::all()); }

// The critics' loss of the first update, whose batch is one transition, B times.
struct FirstLoss {
  double logged, by_hand;
};

FirstLoss first_loss(const std::string& name, const std::string& own, bool cut, double deviation,
                     double clip) {
  constexpr int64_t B = 5;
  auto run = agent("agent: " + name + ", env: {id: Pendulum-v1, max_episode_steps: " + (cut ? "1" : "9") +
                   "}, net: {hidden: [8]}, " + name + ": {gamma: 0.9, batch_size: 5, learning_starts: 1, " +
                   own + "}, train: {env_steps: 9}");
  for (auto& [parameter, tensor] : run.registry.tensors())  // targets differ from what they follow
    tensor.detach().normal_();
  const by_hand::Weights w = by_hand::weights(run.registry);
  const torch::Tensor z = deviation > 0 ? by_hand::next_normal(run, "noise", B, 1) : torch::zeros({B, 1});
  const double logged = by_hand::logged_by_step(run, "train/critic_squared_error");

  const auto [seen, action, next, reward] = by_hand::only_transition(run, B, cut);
  const torch::Tensor next_action =
      (by_hand::net(w, "target_policy", next).tanh() + (deviation * z).clamp(-clip, clip)).clamp(-1, 1);
  torch::Tensor q = by_hand::critic(w, "target_1", next, next_action);  // [B, 1]
  if (name == "td3") q = torch::minimum(q, by_hand::critic(w, "target_2", next, next_action));
  const torch::Tensor y = reward + 0.9 * q;
  torch::Tensor loss = (by_hand::critic(w, "critic_1", seen, action) - y).square();
  if (name == "td3") loss = loss + (by_hand::critic(w, "critic_2", seen, action) - y).square();
  return {logged, 0.5 * loss.mean().item<double>()};
}

}  // namespace

TEST_CASE("the first loss is that of targets by hand, smoothed, clipped, of one critic or two",
          "[agents][td3][ddpg]") {
  torch::manual_seed(3);
  for (const bool cut : {false, true})
    for (const auto& [deviation, clip] : {std::pair{0.0, 0.5}, {0.4, 0.3}, {5.0, 0.7}}) {
      INFO("cut " << cut << ", deviation " << deviation);
      const FirstLoss td3 =
          first_loss("td3", fmt::format("target_noise: {}, target_noise_clip: {}", deviation, clip), cut,
                     deviation, clip);
      CHECK(td3.logged == Approx(td3.by_hand).epsilon(1e-4));
      const FirstLoss ddpg = first_loss("ddpg", "noise: gaussian", cut, 0, 0);
      CHECK(ddpg.logged == Approx(ddpg.by_hand).epsilon(1e-4));
    }
}

TEST_CASE("noise smooths an action within its clip, and never beyond the bounds", "[agents][td3]") {
  CHECK(smoothed(0.25f, 0.5f, 0.5f, 0.5f) == 0.5f);
  CHECK(smoothed(0.25f, -9, 0.5f, 0.5f) == -0.25f);
  CHECK(smoothed(0.75f, 9, 0.5f, 0.5f) == 1);
  CHECK(smoothed(0.75f, 9, 0.5f, 0) == 0.75f);
}

TEST_CASE("policy and targets move at every d-th update of the critics only", "[agents][td3][ddpg]") {
  for (const auto& [name, own, delay] :
       {std::tuple{"td3", ", policy_delay: 3", 3}, {"td3", "", 2}, {"ddpg", "", 1}}) {
    INFO(name << own);
    auto run =
        agent(fmt::format("agent: {0}, env: Pendulum-v1, net: {{hidden: [8]}}, {0}: {{batch_size: 4, "
                          "learning_starts: 3{1}}}, train: {{env_steps: 12}}",
                          name, own));
    const training::Logger silent{[](const std::string&, double) {}, {}};
    while (run.progress() < 1) {
      const by_hand::Weights before = by_hand::weights(run.registry);
      const int64_t critic = run.counters.updates["critic"];
      run.step(silent);
      const by_hand::Weights after = by_hand::weights(run.registry);
      const auto moved = [&](const std::string& of) {
        return !torch::equal(before.at(of + "/output.bias"), after.at(of + "/output.bias"));
      };
      const int64_t now = run.counters.updates["critic"];
      const bool due = now > critic && now % delay == 0;
      CHECK(moved("critic_1") == (now > critic));
      for (const char* of : {"policy", "target_policy", "target_1"}) CHECK(moved(of) == due);
    }
    CHECK(run.counters.updates["critic"] == 10);
    CHECK(run.counters.updates["actor"] == 10 / delay);
  }
}

TEST_CASE("the actor's slope is that of finite differences, and leaves the critics alone",
          "[agents][td3][ddpg]") {
  torch::manual_seed(4);
  Registered r;
  const PolicyNetOptions options{.mlp = {.hidden = {3}, .activation = "tanh"}};
  constexpr int64_t B = 6;
  DeterministicActor actor("td3", two_by_two(), options, r.build);
  Critics critics("td3", two_by_two(), options, 2, B, r.build);
  const torch::Tensor seen = torch::randn({B, 2});
  const double value = actor.climb(critics, seen);

  by_hand::Weights w = by_hand::weights(r.registry);
  const auto loss = [&] {
    const torch::Tensor x = seen.to(torch::kFloat64);
    const torch::Tensor a = by_hand::net(w, "policy", x, torch::tanh).tanh();
    return -by_hand::net(w, "critic_1", torch::cat({x, a}, 1), torch::tanh).mean().item<double>();
  };
  CHECK(value == Approx(-loss()).epsilon(1e-5));
  for (const auto& [name, parameter] : r.registry.tensors()) {
    if (!name.starts_with("policy/")) {
      CHECK((!parameter.grad().defined() || parameter.grad().abs().max().item<double>() == 0));
      continue;
    }
    const torch::Tensor grad = parameter.grad().contiguous().view(-1);
    const torch::Tensor values = w[name] = w[name].contiguous();
    for (int64_t i = 0; i < values.numel(); ++i) {
      double& x = values.data_ptr<double>()[i];
      const double here = x;
      x = here + 1e-5;
      const double above = loss();
      x = here - 1e-5;
      const double below = loss();
      x = here;
      INFO(name << " " << i);
      CHECK(grad[i].item<double>() == Approx((above - below) / 2e-5).epsilon(1e-3).margin(1e-6));
    }
  }
}

TEST_CASE(
    "Gaussian noise is new at each step, the other one wanders, is drawn back, and begins with an episode",
    "[agents][td3][ddpg]") {
  for (const bool wanders : {false, true}) {
    Registered r;
    ActionNoise noise({.noise = wanders ? "ornstein_uhlenbeck" : "gaussian",
                       .noise_deviation = 0.3,
                       .noise_theta = 2,
                       .noise_dt = 0.1},
                      2, 3, r.build);
    torch::Generator twin = r.registry.streams.at(0).generator.clone();
    std::vector<double> x(6);
    bool clipped = false;
    for (int t = 0; t < 40; ++t) {
      std::vector<float> actions(6, 0.9f);
      noise.add(actions.data(), [&](int64_t i) { return t == 0 || (i == 1 && t % 7 == 0); });
      const torch::Tensor z = torch::zeros({2, 3}).normal_(0, 1, twin).view(-1);
      for (int k = 0; k < 6; ++k) {
        if (t % 7 == 0 && k >= 3) x[k] = 0;
        x[k] = wanders ? x[k] - 2 * x[k] * 0.1 + 0.3 * std::sqrt(0.1) * z[k].item<double>()
                       : 0.3 * z[k].item<double>();
        CHECK(actions[k] == Approx(std::clamp(0.9 + x[k], -1.0, 1.0)).epsilon(1e-5).margin(1e-6));
        clipped |= actions[k] == 1;
      }
    }
    CHECK(clipped);
  }
}

TEST_CASE("saved noise goes on where it was, and is refused where it is none",
          "[agents][td3][ddpg][restored]") {
  const ActionNoiseOptions options{.noise = "ornstein_uhlenbeck", .noise_deviation = 0.3};
  Registered one, two;
  ActionNoise noise(options, 1, 2, one.build), again(options, 1, 2, two.build);
  const auto never = [](int64_t) { return false; };
  std::vector<float> first(2), second(2);
  for (int t = 0; t < 5; ++t) noise.add(first.data(), never);
  core::Archive saved;
  noise.state(saved);
  two.registry.streams.at(0).generator.set_state(one.registry.streams.at(0).generator.get_state());
  auto blobs = saved.blobs();
  core::Archive loaded(blobs);
  again.state(loaded);
  first = second = {0, 0};
  noise.add(first.data(), never);
  again.add(second.data(), never);
  CHECK(first == second);
  const float infinite = std::numeric_limits<float>::infinity();
  std::memcpy(blobs.at("now").data(), &infinite, sizeof infinite);
  core::Archive bad(blobs);
  CHECK(refusal([&] { again.state(bad); }) ==
        "saved state of the exploration's noise holds what is not finite");
}

TEST_CASE("TD3 and DDPG learn to hold a rod upright", "[agents][td3][ddpg][learning]") {
  const std::string name = GENERATE(std::string("td3"), std::string("ddpg"));
  for (const std::string seed : {"1", "2", "3"}) {
    auto run = agent("seed: " + seed + ", agent: " + name + ", " + by_hand::upright + name + ": {" +
                     by_hand::replayed + ", noise: gaussian, noise_deviation: 0.2}");
    const double before = trial::grades(run).at("eval/return_greedy");
    trial::learn(run);
    const auto after = trial::grades(run);
    INFO(name << ", seed " << seed << ": " << before << " -> " << after.at("eval/return_greedy"));
    CHECK(before < -100);
    CHECK(after.at("eval/return_greedy") > -20);
    CHECK(after.at("eval/return_sampled") == after.at("eval/return_greedy"));
  }
}

TEST_CASE("where these agents cannot act, the message names some that can",
          "[agents][td3][ddpg][bad_input]") {
  for (const std::string name : {"crossq", "ddpg", "sac", "td3", "tqc"}) {
    const std::string said =
        refusal([&] { agent("agent: " + name + ", env: CartPole-v1, train: {env_steps: 5000}"); });
    CHECK(
        said.starts_with("env: " + name + " needs a Box action space with finite bounds; CartPole-v1 has "));
    CHECK(said.ends_with(", where a2c, dqn and ppo learn"));
  }
  for (const std::string name : {"a2c", "dqn", "ppo"})
    CHECK(refusal([&] { agent("agent: " + name + ", env: CartPole-v1, train: {env_steps: 5000}"); }).empty());
  CHECK(refusal([] {
          agent("agent: td3, env: Pendulum-v1, td3: {policy_delay: 0}, train: {env_steps: 5000}");
        }).find("td3.policy_delay") != std::string::npos);
}
