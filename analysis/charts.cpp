// One gnuplot process draws all charts: a script in a folder of its own, one file for each picture.
#include "analysis/charts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/child.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "render/files.h"
#include "render/palette.h"

namespace analysis {

namespace palette = render::palette;

namespace {

// A kind of picture: the ending of its files and gnuplot's words for it.
struct Format {
  const char* ending;
  const char* terminal;
};
constexpr Format on_page{"svg", "svg size 460,250 font 'DejaVu Sans,11' noenhanced rounded"};
constexpr std::array in_files{
    Format{"svg", "svg size 640,400 font 'DejaVu Sans,12' background '#ffffff' noenhanced rounded"},
    Format{"png",
           "pngcairo size 1280,800 font 'DejaVu Sans,12' fontscale 1.6 linewidth 2 noenhanced rounded"},
    Format{"pdf",
           "pdfcairo size 6.4in,4in font 'DejaVu Sans,10' fontscale 1 linewidth 1.5 noenhanced rounded"}};

// gnuplot draws nothing near the end of what a double holds, and stops where nothing is left.
bool can_be_drawn(double value) { return std::abs(value) < 1e300; }

std::string number(double value) { return can_be_drawn(value) ? fmt::format("{:.9g}", value) : "NaN"; }

std::string quoted(const std::string& words) {
  std::string safe;
  for (const char c : words) safe += c == '\'' || c == '\n' ? ' ' : c;
  return "'" + safe + "'";
}

// Blocks of one run each, which a line does not connect.
void write_runs(std::ostream& out, size_t chart, size_t line, const std::vector<render::Series>& runs) {
  if (runs.empty()) return;
  out << fmt::format("$r{}_{} << EOD\n", chart, line);
  for (const render::Series& run : runs) {
    for (size_t i = 0; i < run.x.size(); ++i) out << number(run.x[i]) << ' ' << number(run.y[i]) << '\n';
    out << '\n';
  }
  out << "EOD\n";
}

void write_data(std::ostream& out, size_t chart, const std::vector<Line>& lines) {
  for (size_t k = 0; k < lines.size(); ++k) {
    out << fmt::format("$d{}_{} << EOD\n", chart, k);
    const render::Curve& curve = lines[k].curve;
    for (size_t i = 0; i < curve.x.size(); ++i)
      out << number(curve.x[i]) << ' ' << number(curve.y[i].value) << ' ' << number(curve.y[i].low) << ' '
          << number(curve.y[i].high) << '\n';
    out << "EOD\n";
    write_runs(out, chart, k, curve.runs);
  }
}

bool has_band(const render::Curve& curve) {
  return std::any_of(curve.y.begin(), curve.y.end(),
                     [](const render::Interval& at) { return !std::isnan(at.low); });
}

// Rows that can be told apart are drawn as points.
bool is_sparse(const render::Curve& curve) { return !curve.grid && curve.x.size() <= 60; }

// Bands beneath single runs beneath all lines.
std::string plot_of(size_t chart, const std::vector<Line>& lines, bool legend) {
  std::string parts;
  const auto add = [&](const std::string& part) { parts += (parts.empty() ? "plot " : ", ") + part; };
  for (size_t k = 0; k < lines.size(); ++k)
    if (has_band(lines[k].curve))
      add(fmt::format(
          "$d{}_{} using 1:3:4 with filledcurves lc rgb '{}' fs transparent solid 0.16 noborder notitle",
          chart, k, render::hex(render::series_color(lines[k].group))));
  for (size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].curve.runs.empty())
      add(fmt::format("$r{}_{} using 1:2 with lines lc rgb '#a0{}' lw 0.7 notitle", chart, k,
                      render::hex(render::series_color(lines[k].group)).substr(1)));
  for (size_t k = 0; k < lines.size(); ++k)
    add(fmt::format("$d{}_{} using 1:2 with {} lc rgb '{}' lw 1.8 dt {} {}", chart, k,
                    is_sparse(lines[k].curve) ? "linespoints pt 7 ps 0.35" : "lines",
                    render::hex(render::series_color(lines[k].group)),
                    1 + lines[k].group / palette::series.size(),
                    legend ? "title " + quoted(lines[k].label) : "notitle"));
  return parts + "\n";
}

double largest_x(const std::vector<Line>& lines) {
  double x = 0;
  for (const Line& line : lines)
    if (!line.curve.x.empty())
      x = std::max({x, std::abs(line.curve.x.front()), std::abs(line.curve.x.back())});
  return x;
}

bool is_empty(const Chart& chart) {
  return std::ranges::none_of(chart.lines, [](const Line& line) {
    return std::ranges::any_of(line.curve.y, [](const auto& at) { return can_be_drawn(at.value); });
  });
}

void write_axes(std::ostream& out, const Chart& chart) {
  out << fmt::format("set format x '{}'\n", largest_x(chart.lines) > 9999 ? "%.0s%c" : "%g") << "set xlabel "
      << quoted(chart.x) << " offset 0,0.4\nset ylabel " << quoted(chart.y) << " offset 1.2,0\n"
      << (chart.log_x ? "set logscale x\n" : "unset logscale x\n")
      << (chart.share || chart.log_x ? "set xrange [*:*]\n" : "set xrange [0:]\n")
      << (chart.share || is_empty(chart) ? "set yrange [0:1]\n" : "set yrange [*:*]\n");
}

std::string file_of(size_t chart, const Format& format) { return fmt::format("{}.{}", chart, format.ending); }

void write_picture(std::ostream& out, size_t k, const Chart& chart, const Format& format, bool alone) {
  out << "set terminal " << format.terminal << "\nset output '" << file_of(k, format) << "'\n"
      << (alone ? "set key title " + quoted(chart.title) + " center\n" : "") << plot_of(k, chart.lines, alone)
      << "unset output\n";
}

// `alone`: with title and legend.
void write_script(const std::filesystem::path& file, const std::vector<Chart>& charts,
                  std::span<const Format> formats, bool alone) {
  core::WholeFile whole(file);
  std::ostream& out = whole.out();
  const std::string rule = render::hex(palette::rule), quiet = render::hex(palette::quiet),
                    ink = render::hex(palette::ink);
  out << fmt::format("set encoding utf8\nset autoscale xfixmax\nset border 3 lc rgb '{0}'\n", rule)
      << fmt::format("set grid lc rgb '{0}' lw 0.5\n", rule)
      << fmt::format("set tics nomirror scale 0.5 textcolor rgb '{0}'\n", quiet)
      << fmt::format("set xlabel textcolor rgb '{0}'\nset ylabel textcolor rgb '{0}'\n", quiet)
      << fmt::format("set key outside top center horizontal Left reverse samplen 1.5 textcolor rgb '{0}'\n",
                     ink);
  for (size_t k = 0; k < charts.size(); ++k) {
    write_data(out, k, charts[k].lines);
    write_axes(out, charts[k]);
    for (const Format& format : formats) write_picture(out, k, charts[k], format, alone);
  }
  whole.keep();
}

void draw(const render::ScratchFolder& scratch, const std::vector<Chart>& charts,
          std::span<const Format> formats, bool alone) {
  write_script(scratch / "charts.gp", charts, formats, alone);
  const int log = ::open((scratch / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int code =
      core::run_to_end({.words = {"gnuplot", "charts.gp"}, .folder = scratch.path(), .errors = log});
  ::close(log);
  const std::string said = code == 0 ? "" : render::contents(scratch / "log");
  core::check(code == 0, "gnuplot failed: {}", said.empty() ? fmt::format("exit code {}", code) : said);
}

void erase_between(std::string& text, const std::string& begin, const std::string& end) {
  for (size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    const size_t stop = text.find(end, at);
    if (stop == std::string::npos) return;
    text.erase(at, stop + end.size() - at);
  }
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// gnuplot opens a group for every change of style, empty ones too: a quarter of the picture.
void erase_empty_groups(std::string& text) {
  for (size_t end = 0; (end = text.find(">\n</g>", end)) != std::string::npos;) {
    const size_t begin = text.rfind('<', end);
    if (text.compare(begin, 3, "<g ") == 0) {
      text.erase(begin, end + 6 - begin);
      end = begin;
    } else
      ++end;
  }
}

// From <svg to the end, without markers that no chart uses: what may stand inside of a page.
std::string svg_in(const std::filesystem::path& file) {
  std::string svg = render::contents(file);
  svg.erase(0, std::min(svg.find("<svg"), svg.size()));
  erase_between(svg, "<defs>", "</defs>\n");
  erase_between(svg, "<desc>", "</desc>\n");
  erase_empty_groups(svg);
  for (const char* blank : {"\t", "\n\n"}) replace_all(svg, blank, blank[0] == '\t' ? "" : "\n");
  return svg;
}

}  // namespace

std::optional<std::vector<std::string>> svg_charts(const std::vector<Chart>& charts) {
  if (!core::is_installed("gnuplot")) return std::nullopt;
  const render::ScratchFolder scratch;
  draw(scratch, charts, std::span(&on_page, 1), false);
  std::vector<std::string> drawn;
  for (size_t k = 0; k < charts.size(); ++k) drawn.push_back(svg_in(scratch / file_of(k, on_page)));
  return drawn;
}

std::optional<size_t> write_charts(const std::vector<Chart>& charts, const std::filesystem::path& folder) {
  if (!core::is_installed("gnuplot")) return std::nullopt;
  const render::ScratchFolder scratch;
  draw(scratch, charts, in_files, true);
  for (size_t k = 0; k < charts.size(); ++k)
    for (const Format& format : in_files) {
      const std::filesystem::path file = folder / (charts[k].file + "." + format.ending);
      std::error_code refused;  // write_whole says it
      std::filesystem::create_directories(file.parent_path(), refused);
      core::write_whole(file, render::contents(scratch / file_of(k, format)));
    }
  return charts.size() * in_files.size();
}

}  // namespace analysis
