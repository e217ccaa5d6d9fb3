// Evaluation: whole episodes, each from its own seed, however many are played together; rows only of those
// recorded.
#include "agents/evaluation.h"

#include <map>

#include "agents/actor.h"
#include "core/options.h"
#include "tests/catch.h"

using namespace agents;
using torch::Tensor;

namespace {

envs::Options cartpole() {
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::read_fields(fields, core::parse_yaml("env: {id: CartPole-v1, max_episode_steps: 120}", "test"));
  return options;
}

// Pushes to where the pole leans, by rules that see a row alone.
training::PolicyOutput lean(const Tensor& observations) {
  training::PolicyOutput acted;
  acted.actions = (observations.select(1, 2) + 0.1 * observations.select(1, 3) > 0).to(torch::kInt64);
  acted.q = observations.slice(1, 0, 2).clone();  // what it is shown is overwritten by the next step
  return acted;
}

}  // namespace

TEST_CASE(
    "an evaluation asks for an action of those alone who still play, and keeps the rows of those recorded",
    "[agents]") {
  int64_t asked = 0, most = 0, explained = 0;
  const training::Policy act = [&](const training::PolicyInput& input, bool, torch::Generator) {
    asked += input.observations.size(0);
    if (input.thoughts) explained = asked;
    most = std::max(most, input.observations.size(0));
    return lean(input.observations);
  };
  std::map<uint64_t, core::Episode> recorded;
  const auto keep = [&](const core::EpisodeFormat&, core::Episode& episode) {
    recorded[episode.header.seed] = episode;
  };
  const EvaluationResult all = play(cartpole(), act, true, 40, 2400, {}, 2, keep);
  CHECK(double(asked) == Approx(2400 * all.mean_length));
  CHECK(most == 1024);
  CHECK((explained > 0 && explained < asked / 2));  // of the first 1024 of 2400, among whom are the recorded
  REQUIRE(recorded.size() == 2);
  for (const auto& [seed, episode] : recorded) {
    const auto length = static_cast<size_t>(episode.header.length);
    CHECK(episode.observations.size() == (length + 1) * 4 * sizeof(float));
    CHECK(episode.actions.size() == length * sizeof(int64_t));
    CHECK(episode.q.size() == 2 * length);
    CHECK(episode.rewards.size() == length);
    CHECK((episode.terminated.back() || episode.truncated.back()));
    CHECK(std::string(episode.header.policy) == "greedy");
  }
}

TEST_CASE("a greedy episode is the same alone and among others, recorded or not", "[agents]") {
  const training::Policy act = [](const training::PolicyInput& input, bool, torch::Generator) {
    return lean(input.observations);
  };
  std::vector<core::Episode> together, alone;
  const auto to = [](std::vector<core::Episode>& list) {
    return [&list](const core::EpisodeFormat&, core::Episode& episode) { list.push_back(episode); };
  };
  const EvaluationResult silent = play(cartpole(), act, true, 7, 300, {});
  const EvaluationResult heard = play(cartpole(), act, true, 7, 300, {}, 300, to(together));
  CHECK((silent.mean_return == heard.mean_return && silent.mean_length == heard.mean_length));
  for (const int64_t i : {0, 1, 255, 256, 299}) {
    alone.clear();
    play(cartpole(), act, true, uint64_t(7 + i), 1, {}, 1, to(alone));
    const core::Episode& other = together.at(size_t(i));
    CHECK(alone.at(0).header.episode_return == other.header.episode_return);
    CHECK((alone[0].observations == other.observations && alone[0].actions == other.actions &&
           alone[0].q == other.q));
    CHECK((alone[0].terminated == other.terminated && alone[0].truncated == other.truncated));
  }
}

TEST_CASE("an actor that is not asked for its thoughts does the same, and tells nothing else", "[agents]") {
  torch::manual_seed(5);
  envs::Spec spec{.id = "Test", .observation = envs::Space::array({4}, -1, 1)};
  for (const envs::Space& action :
       {envs::Space::discrete(3), envs::Space::multi_discrete({2, 4}), envs::Space::array({2}, -1, 1)}) {
    spec.action = action;
    Actor actor("test", spec, PolicyNetOptions{.mlp = {.hidden = {8}}}, true);
    const Tensor seen = torch::randn({5, 4});
    for (const bool greedy : {true, false}) {
      const auto generator = [] { return at::make_generator<at::CPUGeneratorImpl>(uint64_t{3}); };
      const auto asked = actor->act({seen}, greedy, generator());
      const auto silent = actor->act({seen, {}, {}, false}, greedy, generator());
      CHECK(asked.actions.equal(silent.actions));
      CHECK((asked.hidden.defined() && asked.value.defined()));
      CHECK(asked.probabilities.defined() == actor->discrete());
      CHECK_FALSE((silent.hidden.defined() || silent.value.defined() || silent.probabilities.defined()));
    }
  }
}
