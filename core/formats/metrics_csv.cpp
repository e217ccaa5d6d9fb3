// Lines.
#include "core/formats/metrics_csv.h"

#include <fmt/format.h>

#include <ostream>

#include "core/shown.h"

namespace core::formats {

std::string csv_field(const std::string& field) {
  std::string text = shown(field);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + '"';
}

void write_metrics_header(std::ostream& out) {
  out << "run,name,seed,metric,step,env_steps,samples,wall_s,value\n";
}

void write_metric(std::ostream& out, const RunFile& run, const std::string& metric) {
  const std::string start =
      fmt::format("{},{},{},{},", csv_field(run.folder().string()), csv_field(run.attribute("name")),
                  run.attribute("seed"), csv_field(metric));
  for (const Row& row : run.rows(metric))
    out << start
        << fmt::format("{},{},{},{},{}\n", row.step, row.env_steps, row.samples, row.wall_s, row.value);
}

}  // namespace core::formats
