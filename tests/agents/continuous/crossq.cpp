// CrossQ: its first update against what is computed by hand, both batches as one, and what it learns.
#include "agents/continuous/crossed_critics.h"
#include "tests/agents/continuous/by_hand.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace agents;
using by_hand::Weights;

namespace {

training::Session crossq(const std::string& yaml) {
  return trial::session("{agent: crossq, " + yaml + "}", agents::all());
}

bool is_statistic(const std::string& name) {
  return name.ends_with(".mean") || name.ends_with(".variance") || name.ends_with(".batches");
}

// Parameters and running statistics, all drawn.
void draw_weights(training::Registry& registry) {
  for (auto& [name, tensor] : registry.tensors()) {
    if (name.starts_with("temperature") || name.ends_with(".batches")) continue;
    if (name.ends_with(".variance"))
      tensor.detach().uniform_(0.5, 2);
    else
      tensor.detach().normal_();
  }
}

torch::Tensor norm(const Weights& w, const std::string& name, const torch::Tensor& x, bool by_batch) {
  const torch::Tensor mean = by_batch ? x.mean(0) : w.at(name + ".mean"),
                      variance = by_batch ? (x - mean).square().mean(0) : w.at(name + ".variance");
  return (x - mean) / (variance + 1e-3).sqrt() * w.at(name + ".scale") + w.at(name + ".shift");
}

// One hidden layer, normalised before both of its matrices.
torch::Tensor normed_net(const Weights& w, const std::string& name, const torch::Tensor& x, bool by_batch) {
  const torch::Tensor h =
      torch::relu(torch::linear(norm(w, name + "/norm_1", x, by_batch), w.at(name + "/hidden_1.weight"),
                                w.at(name + "/hidden_1.bias")));
  return torch::linear(norm(w, name + "/norm_output", h, by_batch), w.at(name + "/output.weight"),
                       w.at(name + "/output.bias"));
}

// The first update of the critics, by gradient descent with a rate of 1, from B times one transition.
struct FirstUpdate {
  double logged = 0;
  Weights before, after;
  torch::Tensor both;              // [2 B, O + A], (s, a) and (s', a')
  torch::Tensor reward, log_prob;  // [], [B, 1] of a'
};
constexpr int64_t rows_drawn = 5;

FirstUpdate first_update() {
  torch::manual_seed(6);
  auto run = crossq(
      "env: {id: Pendulum-v1, max_episode_steps: 9}, net: {hidden: [8]}, crossq: {gamma: 0.9, batch_size: 5, "
      "learning_starts: 1, critic_hidden: [6], temperature: 0.5, norm_momentum: 0.25}, optim: {algorithm: "
      "sgd, "
      "lr: 1}, train: {env_steps: 9}");
  draw_weights(run.registry);
  FirstUpdate u{.before = by_hand::weights(run.registry)};
  const torch::Tensor z = by_hand::next_normal(run, "noise", rows_drawn, 1);
  u.logged = by_hand::logged_by_step(run, "train/critic_squared_error");
  u.after = by_hand::weights(run.registry);
  const auto [seen, action, next, reward] = by_hand::only_transition(run, rows_drawn, false);
  const auto [next_action, log_prob] = by_hand::squashed(normed_net(u.before, "policy", next, false), z);
  u.both = torch::cat({torch::cat({seen, action}, 1), torch::cat({next, next_action}, 1)});
  u.reward = torch::tensor(reward, torch::kFloat64);
  u.log_prob = log_prob;
  return u;
}

// J_Q; `bootstrapped`: targets have their slope, as they must not.
torch::Tensor loss(const Weights& w, const FirstUpdate& u, bool bootstrapped) {
  const torch::Tensor q_1 = normed_net(w, "critic_1", u.both, true),
                      q_2 = normed_net(w, "critic_2", u.both, true);  // [2 B, 1]
  const torch::Tensor y =
      u.reward + 0.9 * (torch::minimum(q_1, q_2).narrow(0, rows_drawn, rows_drawn) - 0.5 * u.log_prob);
  const torch::Tensor target = bootstrapped ? y : y.detach();
  return 0.5 *
         ((q_1.narrow(0, 0, rows_drawn) - target).square() + (q_2.narrow(0, 0, rows_drawn) - target).square())
             .mean();
}

// Slopes of J_Q along the critics' parameters.
Weights slopes(const FirstUpdate& u, bool bootstrapped) {
  Weights w = u.before, all;
  for (auto& [name, tensor] : w)
    if (name.starts_with("critic") && !is_statistic(name)) tensor = tensor.clone().requires_grad_();
  loss(w, u, bootstrapped).backward();
  for (const auto& [name, tensor] : w)
    if (tensor.requires_grad()) all[name] = tensor.grad();
  return all;
}

}  // namespace

TEST_CASE("CrossQ's first loss is that of both batches, normalised by the statistics of both at once",
          "[agents][crossq]") {
  const FirstUpdate u = first_update();
  CHECK(u.logged == Approx(loss(u.before, u, false).item<double>()).epsilon(1e-3));
  for (const std::string critic : {"critic_1", "critic_2"}) {
    const auto moved = [&](const std::string& statistic, const torch::Tensor& towards) {
      const std::string name = critic + "/norm_1." + statistic;
      return torch::allclose(u.after.at(name), 0.75 * u.before.at(name) + 0.25 * towards, 1e-4, 1e-5);
    };
    const torch::Tensor mean = u.both.mean(0);
    CHECK(moved("mean", mean));
    CHECK(moved("variance", (u.both - mean).square().mean(0)));
    CHECK(u.after.at(critic + "/norm_1.batches").item<double>() == 1);
  }
  CHECK(u.after.at("policy/norm_1.batches").item<double>() == 0);
}

TEST_CASE("the critics move by the slope of that loss, in which targets are constants", "[agents][crossq]") {
  const FirstUpdate u = first_update();
  const Weights expected = slopes(u, false), bootstrapped = slopes(u, true);
  CHECK(expected.size() == 16);
  double apart = 0;  // from where targets with a slope would have led
  for (const auto& [name, slope] : expected) {
    INFO(name);
    const torch::Tensor moved = u.before.at(name) - u.after.at(name);
    CHECK((moved - slope).abs().max().item<double>() < 1e-3 * slope.abs().max().item<double>() + 2e-4);
    apart = std::max(apart, (moved - bootstrapped.at(name)).abs().max().item<double>());
  }
  CHECK(apart > 1);
}

TEST_CASE("the slope along actions is that of the smaller critic by running statistics, and moves nothing",
          "[agents][crossq]") {
  torch::manual_seed(7);
  constexpr int64_t rows = 6;
  by_hand::Registered r;
  const PolicyNetOptions options{.mlp = {.hidden = {4}}, .renorm = training::BatchRenormOptions{}};
  CrossedCritics critics("crossq", by_hand::two_by_two(), options, rows, r.build);
  draw_weights(r.registry);
  const Weights w = by_hand::weights(r.registry);
  critics.pairs().rows().normal_();
  const double value = critics.climb();
  const torch::Tensor x = critics.pairs().rows().to(torch::kFloat64).requires_grad_();
  const torch::Tensor q =
      torch::minimum(normed_net(w, "critic_1", x, false), normed_net(w, "critic_2", x, false));
  (-q.mean()).backward();
  CHECK(value == Approx(q.mean().item<double>()).epsilon(1e-5));
  for (int64_t b = 0; b < rows; ++b)
    for (int64_t a = 0; a < 2; ++a)
      CHECK(critics.pairs().action_slope(b)[a] == Approx(x.grad()[b][2 + a].item<double>()).margin(1e-6));
  for (const auto& [name, tensor] : r.registry.tensors()) {
    CHECK_FALSE(tensor.grad().defined());
    CHECK(torch::equal(tensor.detach().to(torch::kFloat64), w.at(name)));
  }
}

TEST_CASE("CrossQ's policy moves at every third update of the critics, by statistics of its own",
          "[agents][crossq]") {
  auto run = crossq(
      "env: Pendulum-v1, net: {hidden: [8]}, crossq: {critic_hidden: [8], batch_size: 4, learning_starts: "
      "3}, "
      "train: {env_steps: 12}");
  const training::Logger silent{[](const std::string&, double) {}, {}};
  while (run.progress() < 1) {
    const Weights before = by_hand::weights(run.registry);
    const int64_t critic = run.counters.updates["critic"];
    run.step(silent);
    const Weights after = by_hand::weights(run.registry);
    const auto moved = [&](const std::string& name) {
      return !torch::equal(before.at(name), after.at(name));
    };
    const int64_t now = run.counters.updates["critic"];
    CHECK(moved("critic_1/output.bias") == (now > critic));
    for (const char* name : {"policy/output.bias", "policy/norm_1.mean", "temperature/log"})
      CHECK(moved(name) == (now > critic && now % 3 == 0));
  }
  CHECK(run.counters.updates["critic"] == 10);
  CHECK(run.counters.updates["actor"] == 3);
}

TEST_CASE("CrossQ learns to hold a rod upright", "[agents][crossq][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    by_hand::check_holds(
        crossq("seed: " + seed + ", " + by_hand::upright +
               "crossq: {gamma: 0.95, batch_size: 32, buffer_size: 2000, learning_starts: 300, "
               "critic_hidden: [32], train_every: 2, norm_momentum: 0.1}"),
        "seed " + seed);
  }
}

TEST_CASE("what CrossQ cannot learn from is refused", "[agents][crossq][bad_input]") {
  const auto says = [](const std::string& own) {
    return refusal([&] { crossq("env: Pendulum-v1, train: {env_steps: 500}, " + own); });
  };
  CHECK(says("crossq: {policy_delay: 0}").find("crossq.policy_delay") != std::string::npos);
  CHECK(says("crossq: {renorm_r_max: 0.5}").find("crossq.renorm_r_max") != std::string::npos);
  CHECK(says("net: {memory: gru}").find("net: crossq has networks without memory") == 0);
}
