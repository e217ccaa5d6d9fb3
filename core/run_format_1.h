// Metrics of runs that were written before run format 2: /metrics/<group>/<name> was a table of its own. They
// stay readable for ever; nothing writes them any more.
#pragma once

#include "core/metric_table.h"

namespace core::run_format_1 {

std::vector<Metric> metrics(const h5::File& file);                       // alphabetical
std::vector<Row> rows(const h5::File& file, const std::string& metric);  // empty when absent
std::optional<Row> last_row(const h5::File& file, const std::string& metric);
void each(const h5::File& file, const Visit& visit);  // of every metric that has rows

}  // namespace core::run_format_1
