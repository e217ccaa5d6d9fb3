// Recorded returns of whole episodes: as many of ours, from the same seeds, must be drawn from the same
// distribution.
#include <cmath>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/returns.h"

namespace tests {

namespace {

constexpr double sigmas = 4;
constexpr double later =
    20;  // steps: Box2D 2.4 lets a lander that stands fall asleep 10 to 20 steps later than 2.3

struct Recorded {
  std::vector<double> returns, lengths;
  std::vector<uint64_t> seeds;
  std::map<std::string, int64_t> ends;
};

using Key = std::pair<std::string, std::string>;  // environment and policy

std::map<Key, Recorded> groups(const GoldenFile& file) {
  std::map<Key, Recorded> all;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    Recorded& group = all[{file.text(row, "env"), file.text(row, "policy")}];
    group.returns.push_back(file.number(row, "return"));
    group.lengths.push_back(file.number(row, "length"));
    group.seeds.push_back(uint64_t(file.number(row, "seed")));
    ++group.ends[file.text(row, "ended")];
  }
  return all;
}

// What Box2D 2.4, whose joint limits strike harder, moves the mean return of random play by: a little less
// than this over 1,000 episodes.
double shift(const std::string& id, const std::string& policy) {
  if (policy != "random") return 0;
  return id.starts_with("Bipedal") ? 5 : 25;
}

// How far the means of two samples may lie apart.
double allowance(const std::vector<double>& a, const std::vector<double>& b) {
  return sigmas * std::sqrt(variance(a) / double(a.size()) + variance(b) / double(b.size()));
}

void check_ends(const Recorded& theirs, const Played& ours) {
  const double n = double(theirs.returns.size());
  auto kinds = theirs.ends;
  for (const auto& [end, count] : ours.ends) kinds[end] += count;
  for (const auto& [end, both] : kinds) {
    const double p = double(both) / (2 * n), apart = sigmas * std::sqrt(2 * p * (1 - p) / n) + 1 / n;
    const auto share = [&, &name = end](const auto& ends) {
      return ends.contains(name) ? double(ends.at(name)) / n : 0.0;
    };
    INFO(end << ": " << share(theirs.ends) << " of theirs, " << share(ours.ends) << " of ours");
    CHECK(std::abs(share(theirs.ends) - share(ours.ends)) <= apart);
  }
}

}  // namespace

void check_returns(const GoldenFile& file, const envs::Entry&) {
  for (const auto& [key, theirs] : groups(file)) {
    const auto& [id, policy] = key;
    const envs::Entry& entry = envs::all().at(id);
    const Played ours = play_episodes(entry, file.blueprint(entry), policy, theirs.seeds);
    INFO(id << " " << policy << ": mean return " << mean(ours.returns) << ", recorded "
            << mean(theirs.returns) << "; mean length " << mean(ours.lengths) << ", recorded "
            << mean(theirs.lengths));
    CHECK(std::abs(mean(ours.returns) - mean(theirs.returns)) <=
          allowance(ours.returns, theirs.returns) + shift(id, policy));
    CHECK(std::abs(mean(ours.lengths) - mean(theirs.lengths)) <=
          allowance(ours.lengths, theirs.lengths) + later);
    check_ends(theirs, ours);
  }
}

}  // namespace tests
