// Whole episodes for statistics: what a policy reaches, episode by episode.
#pragma once

#include <string>
#include <vector>

#include "envs/all.h"

namespace tests {

struct Played {
  std::vector<double> returns, lengths;
  std::vector<std::string> ends;  // how each ended, as the recordings name it

  double mean_return() const;
};

double mean(const std::vector<double>& numbers);
double variance(const std::vector<double>& numbers);

// One episode from each seed, on several threads; policy: random or heuristic.
Played play_episodes(const envs::Entry& entry, const envs::Entry::Factory& factory, const std::string& policy,
                     const std::vector<uint64_t>& seeds);

}  // namespace tests
