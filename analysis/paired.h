// Methods beside each other draw by draw: what differs between runs that saw the same data and the same
// labels, so that how hard a draw was counts for neither.
#pragma once

#include <string>
#include <vector>

#include "analysis/runs.h"
#include "render/statistics.h"

namespace analysis {

struct PairedDifference {
  std::string method, other, metric, unit;
  size_t draws = 0;  // seeds and data.seeds that both have a finished run of
  render::Interval
      difference;  // the method's less the other's, mean over draws; the method is the better one
};

// Of runs that are told apart by data.seed: each two methods that share their data's name, a measure on
// test data, that of the score by which their weights were chosen, and at least two draws. A method is an
// experiment's name and options, seeds aside.
std::vector<PairedDifference> paired_differences(const std::vector<Group>& groups);

}  // namespace analysis
