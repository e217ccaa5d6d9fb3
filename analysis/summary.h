// One metric of one group of runs: final values and curves, with intervals over seeds.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/diagnosis/evidence.h"
#include "analysis/runs.h"
#include "render/statistics.h"

namespace analysis {

// What a curve runs over.
enum class Axis { env_steps, steps, samples, wall };
inline constexpr std::array all_axes{Axis::env_steps, Axis::steps, Axis::samples, Axis::wall};
const char* axis_key(Axis axis);    // "env_steps": for files and names
const char* axis_words(Axis axis);  // "environment steps"; of wall time the unit is the caller's
// Those that any run has counted, the usual one first: environment steps of agents, steps where models are
// among them.
std::vector<Axis> counted_axes(const std::vector<Group>& groups);

struct Summary {
  struct Curves {
    render::Curve mean, iqm;
  };
  core::Metric metric;
  int better = 0;               // 1: more is better, -1: less, 0: nobody said
  std::vector<double> finals;   // the last value of each run that has one
  render::Interval final, iqm;  // of them: mean with t interval, interquartile mean with bootstrap interval
  render::Interval best;        // of each run's best; empty (n = 0) when nobody said what better means
  bool zero = true;             // 0 in every row
  std::map<Axis, Curves> curves;
};
// Of every metric of which a run of the group has a row; and what a diagnosis reads of each run, since its
// rows are at hand.
std::map<std::string, Summary> summarise(const Group& group, const std::vector<Axis>& axes,
                                         std::vector<diagnosis::Curves>& curves);
// Every metric of any group: the score first, then eval, test, train, the others, time.
std::vector<std::string> metric_names(const std::vector<Group>& groups);

}  // namespace analysis
