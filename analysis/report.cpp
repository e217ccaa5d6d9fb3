// Gathers, prints, writes.
#include "analysis/report.h"

#include <fmt/format.h>

#include <iostream>

#include "analysis/charts.h"
#include "analysis/curves.h"
#include "analysis/page.h"
#include "analysis/time_shares.h"
#include "core/whole_file.h"
#include "render/text_table.h"

namespace analysis {

static void print(const ReportData& data, std::ostream& out) {
  render::print_table(out, run_table(data));
  out << "\nLast values: mean over seeds [95 % t interval], interquartile mean [95 % bootstrap interval]; "
         "best is the mean of each seed's best.\n";
  if (lacks_seeds(data)) out << needs_seeds << '\n';
  render::print_table(out, metric_table(data, false));
  if (!data.findings.empty()) out << "\nDiagnosis (docs/diagnosis.md):\n";
  for (const std::string& line : diagnosis_lines(data)) out << line << '\n';
  if (const TextTable aggregates = aggregate_table(data); !aggregates.empty()) {
    out << "\nOver all tasks: interquartile mean of all seeds' scores [95 % bootstrap interval], each task's "
           "from 0, its worst seed's, to 1, its best one's.\n";
    render::print_table(out, aggregates);
  }
  if (const TextTable pairwise = pairwise_table(data); !pairwise.empty()) {
    out << "\nThe chance that a seed of the one ends better than a seed of the other [95 % bootstrap "
           "interval].\n";
    render::print_table(out, pairwise);
  }
  if (const TextTable paired = paired_table(data); !paired.empty()) {
    out << '\n' << paired_sentence << '\n';
    render::print_table(out, paired);
  }
  if (const TextTable times = time_table(data); !times.empty()) {
    out << '\n' << time_sentence << '\n';
    render::print_table(out, times);
  }
}

static void write_files(const ReportData& data, const ReportFiles& files, std::vector<std::string>& notes,
                        std::ostream& out) {
  if (files.charts || files.html)
    notes.insert(notes.end(), data.comparison.unshown.begin(), data.comparison.unshown.end());
  if (files.charts) {
    const std::vector<Chart> charts = report_charts(data);
    std::cerr << fmt::format("drawing {} charts\n", charts.size()) << std::flush;
    const auto written = write_charts(charts, *files.charts);
    if (written) out << fmt::format("wrote {} charts into {}\n", *written, files.charts->string());
    if (!written) notes.push_back("no chart was written: gnuplot is not installed (Debian: gnuplot-nox)");
  }
  if (files.html) {
    core::write_whole(*files.html, report_page(data, notes));
    out << "wrote " << files.html->string() << '\n';
  }
}

void report(const std::vector<std::filesystem::path>& paths, const ReportFiles& files, std::ostream& out) {
  const ReportData data = collect_report_data(paths);
  std::vector<std::string> notes = data.runs.unread;
  for (std::string& remark : remarks(data.runs.groups)) notes.push_back(std::move(remark));
  print(data, out);
  write_files(data, files, notes, out);
  for (const std::string& note : notes) out << "note: " << note << '\n';
}

}  // namespace analysis
