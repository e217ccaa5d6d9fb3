// Methods against each other by the scores of their seeds, task by task.
#pragma once

#include <string>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/summary.h"

namespace analysis {

// One metric of all groups.
struct MetricSummaries {
  std::string name;
  std::vector<std::optional<Summary>> groups;  // one per group, empty where it has no row
};

// How likely a run of one method is better than a run of the other, over the tasks that both have.
struct PairwiseComparison {
  std::string method, other;
  size_t tasks = 0;
  render::Interval chance;
};

// A method over several tasks: the interquartile mean of the scores of all its runs, on a scale from 0, the
// lowest of any compared run on a task, to 1, the highest.
struct AggregateScore {
  std::string method;
  size_t tasks = 0;
  render::Interval iqm;  // bootstrap within each task
};

// Performance profiles of one task: for each score the share of seeds that do better, one line per group.
struct Profiles {
  struct Line {
    size_t group;
    render::Curve share;
  };
  std::string task, score, unit;
  bool more = true;  // false: better is below the score
  std::vector<Line> lines;
};

struct Comparison {
  std::vector<AggregateScore>
      aggregates;  // best first, of methods with every task; empty unless several of both
  std::vector<PairwiseComparison> pairwise;
  std::vector<Profiles> profiles;    // of tasks where some group has several seeds
  std::vector<std::string> unshown;  // a line for each reason why tasks have no profile
};

// A task is an environment or a data set together with the score that its runs are chosen by. Within a task
// methods are groups; where there are several tasks and each learner has at most one group in each, learners.
Comparison compare(const std::vector<Group>& groups, const std::vector<MetricSummaries>& metrics);

}  // namespace analysis
