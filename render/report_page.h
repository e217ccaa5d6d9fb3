// The report's HTML, section by section.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/runs.h"

namespace render {

// Everything that a report says, gathered once for the terminal and for the page.
struct Findings {
  struct Measured {
    std::string name;
    std::vector<std::optional<Summary>> groups;  // one per group, empty where it has no row
  };
  Runs runs;
  std::vector<Measured> metrics;  // those with rows
};

// One row per group, the head first: name, learner, seeds, steps, state, wall and CPU time.
std::vector<std::vector<std::string>> run_table(const Findings& findings);
// One row per metric and group, the head first: final value, best where better has a meaning, seeds with a
// value.
std::vector<std::vector<std::string>> metric_table(const Findings& findings, bool all);

// The whole page. `notes` gathers what could not be shown, one line each.
std::string report_page(const Findings& findings, std::vector<std::string>& notes);

}  // namespace render
