// Returns over whole episodes: the Box2D games' against those of Gymnasium, our own against what the docs
// say.
#include "tests/envs/returns.h"

#include <cmath>
#include <map>
#include <numeric>

#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

double mean(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / double(numbers.size());
}

double variance(const std::vector<double>& numbers) {
  const double middle = mean(numbers);
  double sum = 0;
  for (const double x : numbers) sum += (x - middle) * (x - middle);
  return sum / double(numbers.size() - 1);
}

double Played::mean_return() const { return mean(returns); }

namespace {

std::string ending(const Batch& batch, bool lander) {
  if (!batch.terminated[0]) return "timeout";
  if (!lander) return batch.reward[0] == -100 ? "fell" : "reached_end";
  if (batch.reward[0] == 100) return "landed";
  const double x = element(batch.envs->spec().observation, batch.final_obs.data(), 0);
  return std::abs(x) >= 1 ? "out_of_bounds" : "crash";
}

void play_one(Batch& batch, const envs::Entry& entry, const std::string& policy, uint64_t seed) {
  const envs::Controller act = policy == "heuristic" ? entry.heuristic() : envs::Controller();
  core::Pcg64 random(core::mix(seed, {"actions"}));
  batch.reset(seed);
  do {
    if (act)
      act(batch.obs.data(), {batch.discrete.data(), batch.continuous.data()});
    else
      batch.draw_actions(random);
    batch.step();
  } while (!batch.ended(0));
}

}  // namespace

Played play_episodes(const envs::Entry& entry, const envs::Entry::Factory& factory, const std::string& policy,
                     const std::vector<uint64_t>& seeds) {
  Played played{std::vector<double>(seeds.size()), std::vector<double>(seeds.size()),
                std::vector<std::string>(seeds.size())};
#pragma omp parallel
  {
    Batch batch(factory.make(1, "exact", std::nullopt));
#pragma omp for schedule(dynamic)
    for (size_t k = 0; k < seeds.size(); ++k) {
      play_one(batch, entry, policy, seeds[k]);
      played.returns[k] = batch.returns[0];
      played.lengths[k] = double(batch.lengths[0]);
      played.ends[k] = ending(batch, entry.name.starts_with("Lunar"));
    }
  }
  return played;
}

namespace {

struct SampledReturn {
  double mean, error;  // the standard error
};

// One episode from each of so many seeds, from `first` on.
SampledReturn sampled_return(const std::string& id, const std::string& policy, uint64_t first,
                             uint64_t episodes) {
  std::vector<uint64_t> seeds(episodes);
  std::iota(seeds.begin(), seeds.end(), first);
  const envs::Entry& entry = envs::all().at(id);
  const Played played = play_episodes(entry, entry.factory(), policy, seeds);
  return {played.mean_return(), std::sqrt(variance(played.returns) / double(episodes))};
}

SampledReturn printed(const std::string& id, const std::string& policy, uint64_t episodes) {
  const SampledReturn found = sampled_return(id, policy, 10'000, episodes);
  if (episodes >= 1000)
    fmt::print("{} {}: mean return {:.1f} +- {:.1f} of {} episodes\n", id, policy, found.mean, found.error,
               episodes);
  return found;
}

// Gymnasium's mean: of its controller with the tolerance that it is held to, of random play (400 episodes;
// Hardcore: 100) with its standard error.
struct Theirs {
  const char *id, *policy;
  double value, error;
};
constexpr Theirs gymnasium[] = {{"LunarLander-v3", "heuristic", 237, 20},
                                {"LunarLanderContinuous-v3", "heuristic", 284, 10},
                                {"BipedalWalker-v3", "heuristic", 110, 30},
                                {"LunarLander-v3", "random", -177.3, 5.2},
                                {"LunarLanderContinuous-v3", "random", -224.6, 6.5},
                                {"BipedalWalker-v3", "random", -98.8, 0.68},
                                {"BipedalWalkerHardcore-v3", "random", -106.2, 0.75}};

// A controller within its tolerance, random play within three standard errors of both samples together. The
// error of a few episodes is known less well: they have four, and a controller's own besides.
void compare(uint64_t episodes) {
  const bool few = episodes < 1000;
  for (const Theirs& theirs : gymnasium) {
    INFO(theirs.id << ' ' << theirs.policy);
    const SampledReturn ours = printed(theirs.id, theirs.policy, episodes);
    const bool controlled = std::string(theirs.policy) == "heuristic";
    const double most = controlled ? theirs.error + (few ? 4 * ours.error : 0)
                                   : (few ? 4 : 3) * std::hypot(ours.error, theirs.error);
    CHECK(std::abs(ours.mean - theirs.value) <= most);
  }
}

}  // namespace

TEST_CASE("1,000 episodes of the Box2D games return what Gymnasium's return", "[.][returns]") {
  compare(1000);
}

TEST_CASE("some episodes of the Box2D games return what Gymnasium's return", "[envs][golden]") {
  compare(30);
}

namespace {

// Calls visit(entry, policy, documented) for every mean return that the docs give.
template <class Visit>
void each_documented(Visit visit) {
  for (const envs::Entry& entry : envs::all()) {
    if (entry.description.random_return.interval > 0) visit(entry, "random", entry.description.random_return);
    if (entry.description.heuristic_return.interval > 0)
      visit(entry, "heuristic", entry.description.heuristic_return);
  }
}

}  // namespace

// Libraries differ in the last bit between machines, and so do episodes: within three standard errors of two
// samples.
TEST_CASE("10,000 episodes of our own games return what the docs say", "[.][returns]") {
  each_documented([](const envs::Entry& entry, const char* policy, envs::MeanReturn documented) {
    const SampledReturn found = sampled_return(entry.name, policy, 1000, 10'000);
    fmt::print("{} {}: mean return {:.3f} +- {:.3f}, documented {:g} +- {:g}\n", entry.name, policy,
               found.mean, 1.96 * found.error, documented.value, documented.interval);
    CHECK(std::abs(found.mean - documented.value) <= 2.2 * documented.interval);
  });
}

TEST_CASE("some episodes of our own games return what the docs say, the scripted ones more", "[envs]") {
  std::map<std::string, SampledReturn> random;
  each_documented([&](const envs::Entry& entry, const std::string& policy, envs::MeanReturn documented) {
    INFO(entry.name << ' ' << policy);
    const SampledReturn found = sampled_return(entry.name, policy, 1000, 50);
    CHECK(std::abs(found.mean - documented.value) <= 4 * found.error + documented.interval);
    if (policy == "random")
      random[entry.name] = found;
    else
      CHECK(found.mean - 2 * found.error > random.at(entry.name).mean + 2 * random.at(entry.name).error);
  });
}

}  // namespace tests
