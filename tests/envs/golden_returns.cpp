// Recorded returns of whole episodes: as many of ours, from the same seeds, must be drawn from the same
// distribution. Most landings of the controller, which draws nothing, are the recorded ones.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/random.h"
#include "envs/box2d/terrain.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/returns.h"

namespace tests {

namespace {

constexpr double chance = 1e-4;  // what is less likely than this fails: some 4 standard errors
constexpr size_t fewest = 200;   // episodes of ours, however few are recorded: they know how returns spread

struct Recorded {
  std::vector<double> returns, lengths;
  std::vector<uint64_t> seeds;
  std::vector<std::string> ends;
};

using Key = std::pair<std::string, std::string>;  // environment and policy

std::map<Key, Recorded> groups(const GoldenFile& file) {
  std::map<Key, Recorded> all;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    Recorded& group = all[{file.text(row, "env"), file.text(row, "policy")}];
    group.returns.push_back(file.number(row, "return"));
    group.lengths.push_back(file.number(row, "length"));
    group.seeds.push_back(uint64_t(file.number(row, "seed")));
    group.ends.push_back(file.text(row, "ended"));
  }
  return all;
}

// The recorded seeds, and the ones after the highest as far as too few are recorded.
std::vector<uint64_t> seeds_of(const Recorded& theirs) {
  auto seeds = theirs.seeds;
  uint64_t next = *std::max_element(seeds.begin(), seeds.end()) + 1;
  while (seeds.size() < fewest) seeds.push_back(next++);
  return seeds;
}

// Whether n of all these numbers, drawn without order, have a sum as far from the expected one as the first n
// have, with the least chance or more (Fisher's permutation test). It needs no spread of theirs, so that one
// number will do; as these are in part the pairs of the same seeds, it errs towards likely.
bool likely(std::vector<double> all, size_t n) {
  constexpr int draws = 100'000, enough = int(chance * draws);
  const double expected = mean(all) * double(n);
  const auto apart = [&] { return std::abs(std::accumulate(&all[0], &all[n], 0.0) - expected); };
  const double found = apart() - 1e-9 * std::abs(expected);
  core::Pcg64 random(1);
  int further = 0;
  for (int k = 0; k < draws && further < enough; ++k) {
    for (size_t i = 0; i < n; ++i)
      std::swap(all[i], all[size_t(random.integers(int64_t(i), int64_t(all.size())))]);
    further += apart() >= found;
  }
  return further == enough;
}

void check_alike(const std::string& what, std::vector<double> theirs, const std::vector<double>& ours) {
  const size_t n = theirs.size();
  INFO(what << ": " << mean(theirs) << " recorded, " << mean(ours) << " ours, of " << n << " episodes");
  theirs.insert(theirs.end(), ours.begin(), ours.end());
  CHECK(likely(theirs, n));
}

void check_ends(const Recorded& theirs, const Played& ours) {
  std::set<std::string> kinds(theirs.ends.begin(), theirs.ends.end());
  kinds.insert(ours.ends.begin(), ours.ends.end());
  for (const std::string& kind : kinds) {
    const auto whether = [&](const std::vector<std::string>& ends) {
      std::vector<double> is(ends.size());
      std::transform(ends.begin(), ends.end(), is.begin(), [&](const auto& end) { return end == kind; });
      return is;
    };
    check_alike(kind, whether(theirs.ends), whether(ours.ends));
  }
}

// The share of episodes that must be the recorded ones: of 200, 154 are of LunarLander and 198 of
// LunarLanderContinuous. A walker stands on its rounding errors and repeats none.
double repeated(const std::string& id, const std::string& policy) {
  if (policy != "heuristic" || !id.starts_with("Lunar")) return 0;
  return id == "LunarLander-v3" ? 0.72 : 0.98;
}

// How likely at most `count` of n tries succeed, each with probability p.
double at_most(size_t count, size_t n, double p) {
  double sum = 0;
  for (size_t k = 0; k <= count; ++k)
    sum += std::exp(std::lgamma(double(n + 1)) - std::lgamma(double(k + 1)) - std::lgamma(double(n - k + 1)) +
                    double(k) * std::log(p) + double(n - k) * std::log1p(-p));
  return sum;
}

// The recorded ones again: they last to the step as long and return the same within 1.
void check_repeats(const Recorded& theirs, const Played& ours, double share) {
  const size_t n = theirs.lengths.size();
  size_t equal = 0;
  for (size_t k = 0; k < n; ++k)
    equal += ours.lengths[k] == theirs.lengths[k] && std::abs(ours.returns[k] - theirs.returns[k]) < 1;
  INFO(equal << " of " << n << " episodes are the recorded ones");
  if (share > 0) CHECK(at_most(equal, n, share) >= chance);
}

// How an episode ended is told by its last reward, its length and where it ended.
void check_end(const GoldenFile& file, size_t row) {
  const std::string& end = file.text(row, "ended");
  const double last = file.number(row, "last_reward");
  const bool lost = end == "crash" || end == "out_of_bounds" || end == "fell", landed = end == "landed";
  bool right = lost ? last == -100 : landed ? last == 100 : std::abs(last) < 100;
  if (file.has("final_hull_x")) {
    const double finish = double(envs::Terrain::length - envs::Terrain::finish_pad) * envs::Terrain::step;
    right &= (end == "reached_end") == (file.number(row, "final_hull_x") > finish);
  } else {
    const bool out = std::abs(file.number(row, "last_o0")) >= 1;  // a crash may be there too
    right &= end == "crash" || out == (end == "out_of_bounds");
  }
  const auto made = envs::all().at(file.text(row, "env")).factory().make(1, "exact", std::nullopt);
  const double limit = double(made->spec().max_episode_steps);
  right &= end == "timeout" ? file.number(row, "length") == limit : file.number(row, "length") <= limit;
  if (!right) FAIL_CHECK(file.where(row) << ": does not end as '" << end << "' does");
}

}  // namespace

void check_returns(const GoldenFile& file, const envs::Entry&) {
  for (size_t row = 0; row < file.rows.size(); ++row) check_end(file, row);
  for (const auto& [key, theirs] : groups(file)) {
    const auto& [id, policy] = key;
    const envs::Entry& entry = envs::all().at(id);
    const Played ours = play_episodes(entry, file.factory(entry), policy, seeds_of(theirs));
    INFO(id << " " << policy);
    check_alike("mean return", theirs.returns, ours.returns);
    check_alike("mean length", theirs.lengths, ours.lengths);
    check_ends(theirs, ours);
    check_repeats(theirs, ours, repeated(id, policy));
  }
}

}  // namespace tests
