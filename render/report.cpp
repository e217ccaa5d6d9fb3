// Gathers, prints, writes.
#include "render/report.h"

#include <fmt/format.h>

#include "core/error.h"
#include "render/files.h"
#include "render/report_page.h"
#include "render/text_table.h"

namespace render {

static Findings gather(const std::vector<std::filesystem::path>& paths) {
  Findings findings{.runs = load_runs(paths)};
  for (const std::string& name : metric_names(findings.runs.groups)) {
    Findings::Measured measured{name, {}};
    bool any = false;
    for (const Group& group : findings.runs.groups) {
      measured.groups.push_back(summarise(group, name));
      any |= measured.groups.back().has_value();
    }
    if (any) findings.metrics.push_back(std::move(measured));
  }
  return findings;
}

static void print(const Findings& findings, std::ostream& out) {
  print_table(out, run_table(findings));
  out << "\nMean over seeds [95 % t interval over seeds]; best is the mean of each seed's best.\n";
  print_table(out, metric_table(findings, false));
}

void report(const std::vector<std::filesystem::path>& paths, const std::optional<std::filesystem::path>& html,
            std::ostream& out) {
  const Findings findings = gather(paths);
  std::vector<std::string> notes = findings.runs.unread;
  print(findings, out);
  if (html) replace_file(*html, report_page(findings, notes));
  for (const std::string& note : notes) out << "note: " << note << '\n';
  if (html) out << "wrote " << html->string() << '\n';
}

}  // namespace render
