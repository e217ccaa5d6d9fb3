// The Box2D games' returns over whole episodes, against those of Gymnasium.
#include "tests/envs/returns.h"

#include <cmath>
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

struct MeanReturn {
  double value, error;  // the standard error
};

MeanReturn mean_return(const std::string& id, const std::string& policy, uint64_t episodes) {
  std::vector<uint64_t> seeds(episodes);
  std::iota(seeds.begin(), seeds.end(), uint64_t(10'000));
  const envs::Entry& entry = envs::all().at(id);
  const Played played = play_episodes(entry, entry.factory(), policy, seeds);
  const MeanReturn found{played.mean_return(), std::sqrt(variance(played.returns) / double(episodes))};
  if (episodes >= 1000)
    fmt::print("{} {}: mean return {:.1f} +- {:.1f} of {} episodes\n", id, policy, found.value, found.error,
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
    const MeanReturn ours = mean_return(theirs.id, theirs.policy, episodes);
    const bool controlled = std::string(theirs.policy) == "heuristic";
    const double most = controlled ? theirs.error + (few ? 4 * ours.error : 0)
                                   : (few ? 4 : 3) * std::hypot(ours.error, theirs.error);
    CHECK(std::abs(ours.value - theirs.value) <= most);
  }
}

}  // namespace

TEST_CASE("1,000 episodes of the Box2D games return what Gymnasium's return", "[.][returns]") {
  compare(1000);
}

TEST_CASE("some episodes of the Box2D games return what Gymnasium's return", "[envs][golden]") {
  compare(30);
}

}  // namespace tests
