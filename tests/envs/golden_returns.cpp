// Recorded returns of whole episodes: as many of ours, from the same seeds, must be drawn from the same
// distribution. Most landings of the controller, which draws nothing, are the recorded ones.
#include <cmath>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/returns.h"

namespace tests {

namespace {

constexpr double sigmas = 4;

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

// The share of episodes that must last to the step as long as the recorded ones: of 200, 162 do of
// LunarLander and 199 of LunarLanderContinuous. A walker stands on its rounding errors and repeats none.
double repeated(const std::string& id, const std::string& policy) {
  if (policy != "heuristic" || !id.starts_with("Lunar")) return 0;
  return id == "LunarLander-v3" ? 0.65 : 0.95;
}

double share_of_equals(const std::vector<double>& a, const std::vector<double>& b) {
  size_t equal = 0;
  for (size_t k = 0; k < a.size(); ++k) equal += a[k] == b[k];
  return double(equal) / double(a.size());
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
    CHECK(std::abs(mean(ours.returns) - mean(theirs.returns)) <= allowance(ours.returns, theirs.returns));
    CHECK(std::abs(mean(ours.lengths) - mean(theirs.lengths)) <= allowance(ours.lengths, theirs.lengths));
    CHECK(share_of_equals(ours.lengths, theirs.lengths) >= repeated(id, policy));
    check_ends(theirs, ours);
  }
}

}  // namespace tests
