// What a diagnosis reads of one run: its curves over steps, thinned, and what its file says of itself.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "analysis/runs.h"
#include "render/statistics.h"

namespace analysis::diagnosis {

// A metric's finite rows; of more than 400 the means of as many equal parts of the steps.
struct Curve {
  render::Series by_step;
  double first = 0;  // the first row, by itself

  size_t size() const { return by_step.x.size(); }
  double last() const { return by_step.y.back(); }
  double end() const { return by_step.x.back(); }
  // Of the points whose steps lie within; NaN where none does.
  double mean(double from, double to) const;
  // Of the first and the last such share of the steps.
  double early(double share) const;
  double late(double share) const;
};

using Curves = std::map<std::string, Curve>;  // of metrics that have a finite row
// Of rows that begin so and were thinned so.
void add_curve(Curves& curves, const std::string& metric, const core::Row& first,
               const render::Series& by_step);
Curves curves_of(const Run& run);

struct Evidence {
  const Run& run;
  const Curves& curves;

  const Curve* curve(const std::string& metric) const;  // null: without a finite row
  std::optional<double> number(const std::string& attribute) const;
  double sign() const;  // of the score: -1 where less is better
  // What the experiment is meant to reach of this metric.
  std::optional<double> target(const std::string& metric) const;
};

// Where in the curves: "step 1200".
std::string at_step(double step);

}  // namespace analysis::diagnosis
