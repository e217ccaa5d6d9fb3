// Augmented random search: steps by hand, and what is known of observations.
#include <omp.h>

#include <cmath>

#include "agents/all.h"
#include "agents/evaluation.h"
#include "agents/evolution/ars.h"
#include "agents/evolution/noise.h"
#include "agents/evolution/observation_moments.h"
#include "core/random.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace agents;

namespace tests::ars {

training::Session session(const std::string& own, const std::string& env, int64_t steps) {
  return trial::session(
      "{agent: ars, seed: 3, " + own + ", env: " + env + ", train: {steps: " + std::to_string(steps) + "}}",
      agents::all());
}

envs::Options env_of(const std::string& yaml) {
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::read_fields(fields, core::parse_yaml("env: " + yaml, "env"));
  return options;
}

// What a run has registered under this name, as it stands.
ObservationMoments moments_of(const training::Session& run, size_t size) {
  ObservationMoments moments(size);
  for (const auto& state : run.registry.states)
    if (state.path == "/buffers/observation_moments") {
      core::Archive saved;
      state.archive(saved);
      core::Archive loaded(saved.blobs());
      moments.state(loaded);
    }
  return moments;
}

torch::Tensor weight_of(const training::Session& run) {
  return run.registry.modules[0].module->named_parameters()["output.weight"];
}

TEST_CASE("the step along the best directions by hand", "[agents][evolution]") {
  // Three directions: their returns with + are 1, 5, 2, with - 3, 0, 4.
  const std::vector<double> returns{1, 5, 2, 3, 0, 4}, delta{9, 9, 1, 2, -3, 4};
  CHECK(top_directions(returns, 2) == std::vector<size_t>{1, 2});
  CHECK(top_directions(returns, 3) == std::vector<size_t>{1, 2, 0});
  // Of 5, 0, 2, 4: mean 2.75, squared distances 5.0625, 7.5625, 0.5625, 1.5625.
  const double deviation = std::sqrt(14.75 / 4);
  CHECK(return_deviation(returns, {1, 2}) == Approx(deviation));
  const std::vector<double> step = random_search_step(delta, returns, {1, 2});
  CHECK(step[0] == Approx((5 * 1 + -2 * -3) / (2 * deviation)));
  CHECK(step[1] == Approx((5 * 2 + -2 * 4) / (2 * deviation)));
}

TEST_CASE("equal returns ask for no step", "[agents][evolution]") {
  CHECK(random_search_step({1, 2, 3, 4}, {500, 500, 500, 500}, {0, 1}) == std::vector<double>{0, 0});
}

TEST_CASE("a learner's first step is the one that its population's returns ask for", "[agents][evolution]") {
  const std::string env = "{id: CartPole-v1, max_episode_steps: 60}";
  auto run =
      session("ars: {population: 8, top: 2, sigma: 0.3, learning_rate: 0.5, normalize: false}", env, 1);
  CHECK(weight_of(run).abs().max().item<double>() == 0);
  training::Registry registry;
  const training::Build build(registry, 3, torch::kCPU);
  // [4, 8 + 2]: the weights that are searched, and the biases, which are not.
  const std::vector<double> delta = standard_normal_rows(build.seed_for("noise"), 1, 4, 8);
  std::vector<double> candidates;
  for (const double side : {0.3, -0.3})
    for (size_t k = 0; k < 4; ++k) {
      for (size_t j = 0; j < 8; ++j) candidates.push_back(side * delta[8 * k + j]);
      candidates.insert(candidates.end(), {0, 0});
    }
  Population population(env_of(env), {.hidden = {}}, 8);
  const auto returns = population.play(candidates, 1, core::mix(build.seed_for("rollout"), {1})).returns;
  const std::vector<double> way = random_search_step(delta, returns, top_directions(returns, 2));
  trial::learn(run);
  const torch::Tensor moved = weight_of(run).t().contiguous().flatten();
  CHECK(moved.abs().max().item<double>() > 0);
  for (int64_t j = 0; j < 8; ++j)
    CHECK(moved[j].item<double>() == Approx(0.5 * way[static_cast<size_t>(j)]).epsilon(1e-6));
}

TEST_CASE("moments that were gathered apart are those of all", "[agents][evolution]") {
  const std::vector<std::vector<float>> rows{{1, 7}, {2, 7}, {4, 7}, {8, 7}, {16, 7}};
  ObservationMoments one(2), other(2);
  std::vector<float> x{3, 5};
  one.normalize(x.data());
  CHECK(x == std::vector<float>{3, 5});  // nothing is known yet
  for (size_t i = 0; i < rows.size(); ++i) (i < 2 ? one : other).add(rows[i].data());
  one.take(other);
  CHECK(other.count() == 0);
  CHECK(one.count() == 5);
  CHECK(one.mean()[0] == Approx(6.2));
  const double variance = (5.2 * 5.2 + 4.2 * 4.2 + 2.2 * 2.2 + 1.8 * 1.8 + 9.8 * 9.8) / 5;
  CHECK(one.deviation(0) == Approx(std::sqrt(variance)));
  one.normalize(x.data());
  CHECK(x[0] == Approx((3 - 6.2) / std::sqrt(variance)));
  CHECK(x[1] == 0);  // it has never changed
}

TEST_CASE("every observation that was acted on counts once, the same at any number of threads",
          "[agents][evolution]") {
  const envs::Options env = env_of("{id: Pendulum-v1, max_episode_steps: 40}");
  const std::vector<double> candidates = standard_normal_rows(1, 1, 11, 4);  // [11, 3 + 1]
  std::vector<Population::Fitness> played;
  std::vector<ObservationMoments> met;
  for (const int threads : {1, 2}) {
    omp_set_num_threads(threads);
    ObservationMoments moments(3);
    Population population(env, {.hidden = {}}, 4, &moments);
    population.play(candidates, 2, 5);
    played.push_back(population.play(candidates, 2, 6));  // normalised now
    met.push_back(moments);
  }
  omp_set_num_threads(1);
  CHECK(met[0].count() == 2 * 11 * 2 * 40);
  CHECK(met[0].mean() == met[1].mean());
  CHECK(met[0].deviation(2) == met[1].deviation(2));
  CHECK(played[0].returns == played[1].returns);
  // cos^2 + sin^2 = 1, in the mean too.
  double squared = 0;
  for (size_t k = 0; k < 2; ++k) squared += std::pow(met[0].mean()[k], 2) + std::pow(met[0].deviation(k), 2);
  CHECK(squared == Approx(1).epsilon(1e-6));
}

TEST_CASE("more candidates than members play as they would with a member each", "[agents][evolution]") {
  const envs::Options env = env_of("{id: CartPole-v1, max_episode_steps: 60}");
  const std::vector<double> candidates = standard_normal_rows(2, 1, 7, 10);
  Population few(env, {.hidden = {}}, 3), many(env, {.hidden = {}}, 7);
  const auto by_few = few.play(candidates, 2, 9), by_many = many.play(candidates, 2, 9);
  CHECK(by_few.returns == by_many.returns);
  CHECK(by_few.steps == by_many.steps);
  CHECK(by_few.returns.size() == 7);
}

TEST_CASE("the policy of V2 acts by what it has met, also when it was loaded; that of V1 does not",
          "[agents][evolution]") {
  const Scratch scratch;
  const torch::NoGradGuard no_grad;
  for (const bool normalize : {true, false}) {
    INFO(normalize);
    auto run = session(std::string("ars: {population: 4, learning_rate: 0.3, normalize: ") +
                           (normalize ? "true}" : "false}"),
                       "{id: Pendulum-v1, max_episode_steps: 50}", 3);
    trial::learn(run);
    const ObservationMoments moments = moments_of(run, 3);
    CHECK(moments.count() == (normalize ? 3 * 4 * 50 : 0));
    const torch::Tensor x = torch::tensor({{0.2f, 0.9f, 2.0f}, {-1.0f, 0.1f, -3.0f}});
    torch::Tensor seen = x.clone();
    for (int64_t k = 0; k < 3 && normalize; ++k)
      seen.select(1, k)
          .sub_(moments.mean()[static_cast<size_t>(k)])
          .div_(moments.deviation(static_cast<size_t>(k)));
    const torch::Tensor expected = seen.matmul(weight_of(run).t()).clamp(-2, 2);
    const torch::Tensor acted = run.registry.act(x, true, {}).actions.clone();
    CHECK((acted - expected).abs().max().item<double>() < 1e-5);
    CHECK(expected.abs().max().item<double>() > 0);

    training::save_checkpoint(run, training::resolved(run.experiment), scratch / "last.h5");
    CHECK(torch::equal(load_policy(scratch / "last.h5")(x, true, {}).actions, acted));
  }
}

TEST_CASE("what random search cannot try is refused", "[agents][evolution][bad_input]") {
  const auto says = [](const std::string& own, const std::string& env) {
    return refusal([&] { session(own, env, 1); });
  };
  CHECK(says("ars: {population: 7}", "CartPole-v1").find("ars.population: expected an even number") == 0);
  CHECK(says("ars: {population: 8, top: 5}", "CartPole-v1") ==
        "ars.top: expected at most the 4 directions of a population of 8, found 5");
  CHECK(says("ars: {population: 8}", "FrozenLake-v1").find("Discrete(16), of which there is nothing to") !=
        std::string::npos);
  CHECK(says("ars: {population: 8, normalize: false}", "FrozenLake-v1").empty());
  CHECK(says("ars: {population: 8}",
             "{id: BipedalWalker-v3, wrappers: [{name: discretize_action, joint: false}]}")
            .find("evolution strategies need a Discrete or Box(float32) action space") != std::string::npos);
}

}  // namespace tests::ars
