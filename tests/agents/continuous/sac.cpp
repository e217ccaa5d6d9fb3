// SAC: its rows against autograd and the distribution, its parts against what they promise, and what it
// refuses.
#include "agents/continuous/sac.h"

#include "agents/all.h"
#include "core/hdf5.h"
#include "envs/wrappers/pixels.h"
#include "render/easel.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/distributions.h"
#include "training/loop/checkpoint.h"

using namespace agents;

namespace {

training::Session sac(const std::string& own, const std::vector<std::string>& overrides = {}) {
  return trial::session("{agent: sac, " + own + "}", agents::all(), overrides);
}

const std::string small =
    "env: {id: Pendulum-v1, max_episode_steps: 100}, net: {hidden: [64, 64]}, optim: {lr: 3e-3}, eval: "
    "{episodes: "
    "10}, sac: {gamma: 0.95, batch_size: 64, buffer_size: 10000}";

}  // namespace

TEST_CASE("squashed rows and their slopes equal the distribution's under autograd", "[agents][sac]") {
  torch::manual_seed(1);
  const int64_t B = 40, A = 3;
  const torch::Tensor outputs = 1.5 * torch::randn({B, 2 * A}), noise = torch::randn({B, A}),
                      d_action = torch::randn({B, A}), d_log_prob = torch::randn({B});
  outputs[0][A] = 3;   // beyond the most that a deviation may be
  outputs[1][0] = 30;  // far out, where 1 - tanh^2 is 0
  torch::Tensor actions = torch::empty({B, A}), log_probs = torch::empty({B}),
                d_outputs = torch::full({B, 2 * A}, NAN);
  for (int64_t b = 0; b < B; ++b) {
    const float *row = outputs[b].data_ptr<float>(), *drawn = noise[b].data_ptr<float>();
    float* action = actions[b].data_ptr<float>();
    log_probs[b] = squash(row, drawn, A, action);
    squash_backward(row, drawn, A, action, d_action[b].data_ptr<float>(), d_log_prob[b].item<float>(),
                    d_outputs[b].data_ptr<float>());
  }
  const torch::Tensor x = outputs.to(torch::kFloat64).requires_grad_();
  const torch::Tensor mean = x.narrow(1, 0, A), log_std = x.narrow(1, A, A).clamp(-20, 2),
                      one = torch::ones({A}, torch::kFloat64);
  const training::SquashedNormal pi({mean, log_std}, -one, one);
  const torch::Tensor inside = mean + log_std.exp() * noise, log_prob = pi.log_prob(inside).sum(1);
  ((pi.squash(inside) * d_action).sum() + (log_prob * d_log_prob).sum()).backward();
  CHECK(torch::allclose(actions.to(torch::kFloat64), pi.squash(inside).detach(), 1e-5, 1e-6));
  CHECK(torch::allclose(log_probs.to(torch::kFloat64), log_prob.detach(), 1e-5, 1e-5));
  CHECK(torch::allclose(d_outputs.to(torch::kFloat64), x.grad(), 1e-4, 1e-5));
  CHECK(d_outputs[0][A].item<float>() == 0);
}

TEST_CASE("actions go from a Box to units of half its range and back", "[agents][sac]") {
  envs::Spec spec{.id = "Test", .action = envs::Space::box({-2, 0, 5}, {2, 1, 5})};
  const ActionBox box("sac", spec);
  const std::array<float, 3> action{1, 0.25f, 5}, far{-9, 9, 5};
  std::array<float, 3> unit{}, back{};
  box.to_unit(action.data(), unit.data());
  CHECK((unit == std::array<float, 3>{0.5f, -0.5f, 0}));
  box.to_box(unit.data(), back.data());
  CHECK(back == action);
  box.to_unit(far.data(), unit.data());
  CHECK((unit == std::array<float, 3>{-1, 1, 0}));
}

TEST_CASE("the temperature falls while the entropy is too high, and rises while it is too low",
          "[agents][sac]") {
  Temperature temperature(0.5);
  CHECK(temperature->alpha() == Approx(0.5f));
  CHECK(temperature->backward(2) == Approx(2 * std::log(0.5)));
  CHECK(temperature->parameters()[0].grad().item<float>() == 2);  // descent lowers log alpha
  temperature->backward(-3);
  CHECK(temperature->parameters()[0].grad().item<float>() == -1);
}

TEST_CASE("target critics begin as the critics and follow them", "[agents][sac]") {
  auto run = sac(small + ", train: {env_steps: 101}", {"sac.tau=0.25"});
  const auto tensors = [&] {
    std::map<std::string, torch::Tensor> all;
    for (const auto& [name, tensor] : run.registry.tensors()) all[name] = tensor.detach().clone();
    return all;
  };
  const auto before = tensors();
  for (const std::string place : {"1", "2"})
    CHECK(torch::equal(before.at("critic_" + place + "/output.weight"),
                       before.at("target_" + place + "/output.weight")));
  CHECK_FALSE(torch::equal(before.at("critic_1/output.weight"), before.at("critic_2/output.weight")));
  trial::learn(run);
  const auto after = tensors();
  for (const std::string name : {"hidden_1.weight", "output.bias"}) {
    const torch::Tensor moved = after.at("critic_1/" + name), old = before.at("target_1/" + name);
    CHECK_FALSE(torch::equal(moved, old));
    CHECK(run.counters.updates.at("critic") == 2);
    CHECK((after.at("target_1/" + name) - old).abs().max().item<double>() <
          (moved - old).abs().max().item<double>());
  }
}

TEST_CASE("SAC learns to swing a pendulum up, at the entropy that is wanted", "[agents][sac][learning]") {
  for (const std::string seed : {"1", "2"}) {
    auto run = sac(small + ", seed: " + seed + ", train: {env_steps: 3000}");
    const double before = trial::grades(run).at("eval/return_greedy");
    double entropy = 0, moments = 0;
    const training::Logger logger{[&](const std::string& metric, double value) {
                                    if (metric != "train/entropy" || run.progress() < 0.7) return;
                                    entropy += value;
                                    ++moments;
                                  },
                                  {}};
    while (run.progress() < 1) run.step(logger);
    const double after = trial::grades(run).at("eval/return_greedy");
    INFO("seed " << seed << ": " << before << " -> " << after << ", entropy " << entropy / moments);
    CHECK(before < -600);
    CHECK(after > -350);
    CHECK(entropy / moments == Approx(-1).margin(0.4));
  }
}

TEST_CASE("a temperature that stays has no optimiser, and is what it was", "[agents][sac]") {
  auto run =
      sac("env: Pendulum-v1, net: {hidden: [8]}, sac: {tune_temperature: false, temperature: 0.2, "
          "batch_size: 8}, "
          "train: {env_steps: 120}");
  CHECK(run.registry.updates.size() == 2);
  trial::learn(run);
  for (const auto& [name, tensor] : run.registry.tensors())
    if (name == "temperature/log") CHECK(tensor.item<float>() == Approx(std::log(0.2f)));
}

TEST_CASE("to use a SAC's weights no replay is built, and those kept as the best hold none",
          "[agents][sac]") {
  const Scratch scratch;
  auto run =
      sac("env: {id: Pendulum-v1, max_episode_steps: 20}, net: {hidden: [8]}, eval: {episodes: 2}, "
          "sac: {buffer_size: 2000, batch_size: 8, learning_starts: 10}, train: {steps: 15}");
  REQUIRE(run.registry.notes.size() == 1);
  CHECK(run.registry.notes[0].starts_with("a replay of 2000 transitions of Pendulum-v1 takes "));
  trial::learn(run);
  std::string config = training::resolved(run.experiment);
  training::save_checkpoint(run, config, scratch / "last.h5");
  CHECK(core::h5::File::open(scratch / "last.h5").exists("/buffers/replay"));
  const std::string held = "buffer_size: 2000", large = "buffer_size: 1000000000000";
  config.replace(config.find(held), held.size(), large);  // more than any machine has
  training::save_weights(run, config, scratch / "best.h5");
  CHECK_FALSE(core::h5::File::open(scratch / "best.h5").exists("/buffers/replay"));
  static const core::Table<training::Entry> no_models("model", {});
  auto used = training::load_trained(scratch / "best.h5", {agents::all(), no_models});
  CHECK(trial::grades(used) == trial::grades(run));
}

TEST_CASE("what SAC cannot learn from is refused", "[agents][sac][bad_input]") {
  const auto says = [](const std::string& own) { return refusal([&] { sac(own); }); };
  CHECK(says("env: CartPole-v1, train: {env_steps: 500}")
            .starts_with("env: sac needs a Box action space with finite bounds; CartPole-v1 has Discrete(2"));
  CHECK(
      says("env: Pendulum-v1, train: {env_steps: 500}, sac: {buffer_size: 1e12}")
          .starts_with("sac.buffer_size: a replay of 1000000000000 transitions of Pendulum-v1, held twice"));
  CHECK(says("env: Pendulum-v1, train: {env_steps: 99}") ==
        "sac.learning_starts: expected the first update within the budget of 99 transitions, found it after "
        "100");
  envs::offscreen() = render::easel;
  CHECK(says("env: {id: Pendulum-v1, wrappers: [{name: pixels, width: 40, height: 40}]}, "
             "sac: {buffer_size: 1000}, train: {env_steps: 500}")
            .starts_with("net.encoder: the critics of sac see observation and action as one row of numbers"));
}
