#include "agents/bandits/ucb1.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace agents {

int64_t Ucb1Rule::choose(core::Pcg64&, double) const {
  const auto means = estimates_.means(), pulls = estimates_.pulls();
  const double log_t = std::log(std::accumulate(pulls.begin(), pulls.end(), 0.0));
  int64_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (size_t a = 0; a < means.size(); ++a) {
    if (pulls[a] == 0) return static_cast<int64_t>(a);
    const double bound = means[a] + confidence_ * std::sqrt(log_t / pulls[a]);
    if (bound <= most) continue;
    most = bound;
    best = static_cast<int64_t>(a);
  }
  return best;
}

}  // namespace agents
