// Metrics of runs as one long table, the shape that pandas groups, pivots and plots: a line for each row.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/run_log.h"

namespace core::formats {

// A field of CSV: quoted where it holds a comma, a quote or a line's end (RFC 4180).
std::string csv_field(const std::string& text);
// run,name,seed,metric,step,env_steps,samples,wall_s,value
void write_metrics_header(std::ostream& out);
// Numbers are written so that they read back equal.
void write_metric(std::ostream& out, const RunFile& run, const std::string& metric);

}  // namespace core::formats
