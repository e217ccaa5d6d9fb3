// One gnuplot process draws all charts of a report: a script in a folder of its own, one SVG file each.
#include "render/charts.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "render/palette.h"

namespace render {

namespace {

// A fresh folder, gone with its owner.
struct Scratch {
  std::filesystem::path folder;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "atelier-XXXXXX").string();
    core::check(mkdtemp(name.data()) != nullptr, "{}: no folder for charts can be made there", name);
    folder = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

std::string number(double value) { return std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN"; }

std::string quoted(const std::string& words) {
  std::string safe;
  for (const char c : words) safe += c == '\'' || c == '\n' ? ' ' : c;
  return "'" + safe + "'";
}

void write_data(std::ostream& out, size_t chart, const std::vector<Line>& lines) {
  for (size_t k = 0; k < lines.size(); ++k) {
    out << fmt::format("$d{}_{} << EOD\n", chart, k);
    const Curve& curve = lines[k].curve;
    for (size_t i = 0; i < curve.x.size(); ++i)
      out << number(curve.x[i]) << ' ' << number(curve.y[i].mean) << ' ' << number(curve.y[i].low) << ' '
          << number(curve.y[i].high) << '\n';
    out << "EOD\n";
  }
}

double largest_x(const std::vector<Line>& lines) {
  double x = 0;
  for (const Line& line : lines)
    if (!line.curve.x.empty()) x = std::max(x, line.curve.x.back());
  return x;
}

void write_plot(std::ostream& out, size_t chart, const std::vector<Line>& lines) {
  std::string parts;
  const auto add = [&](const std::string& part) { parts += (parts.empty() ? "plot " : ", ") + part; };
  for (size_t k = 0; k < lines.size(); ++k)
    add(fmt::format(
        "$d{}_{} using 1:3:4 with filledcurves lc rgb '{}' fs transparent solid 0.16 noborder notitle", chart,
        k, hex(lines[k].color)));
  for (size_t k = 0; k < lines.size(); ++k) {
    const bool dots = lines[k].curve.x.size() <= 40;
    add(fmt::format("$d{}_{} using 1:2 with {} lc rgb '{}' lw 1.8 {} notitle", chart, k,
                    dots ? "linespoints" : "lines", hex(lines[k].color), dots ? "pt 7 ps 0.35" : ""));
  }
  out << parts << '\n';
}

void write_chart(std::ostream& out, size_t k, const Chart& chart) {
  write_data(out, k, chart.lines);
  const char* format = largest_x(chart.lines) > 9999 ? "%.0s%c" : "%g";
  out << fmt::format(
             "set terminal svg size 460,250 font 'DejaVu Sans,11' name 'chart{}' noenhanced rounded\n", k)
      << fmt::format("set output '{}.svg'\nset format x '{}'\n", k, format) << "set xlabel "
      << quoted(chart.x) << " offset 0,0.4\nset ylabel " << quoted(chart.y) << " offset 1.2,0\n";
  write_plot(out, k, chart.lines);
}

void write_script(const std::filesystem::path& file, const std::vector<Chart>& charts) {
  std::ofstream out(file);
  const std::string rule = hex(palette::rule), quiet = hex(palette::quiet);
  out << fmt::format(
             "set encoding utf8\nset xrange [0:]\nset autoscale xfixmax\nset border 3 lc rgb '{0}'\nset grid "
             "lc rgb '{0}' lw "
             "0.5\n",
             rule)
      << fmt::format("set tics nomirror scale 0.5 textcolor rgb '{0}'\n", quiet)
      << fmt::format("set xlabel textcolor rgb '{0}'\nset ylabel textcolor rgb '{0}'\n", quiet);
  for (size_t k = 0; k < charts.size(); ++k) write_chart(out, k, charts[k]);
  core::check(out.good(), "{}: cannot be written", file.string());
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// From <svg to the end: what may stand inside of a page.
std::string svg_in(const std::filesystem::path& file) {
  const std::string all = text_of(file);
  const size_t begin = all.find("<svg");
  return begin == std::string::npos ? "" : all.substr(begin);
}

}  // namespace

std::optional<std::vector<std::string>> svg_charts(const std::vector<Chart>& charts) {
  if (std::system("command -v gnuplot > /dev/null 2>&1") != 0) return std::nullopt;
  const Scratch scratch;
  write_script(scratch.folder / "charts.gp", charts);
  const std::string command = fmt::format("cd '{}' && gnuplot charts.gp 2> log", scratch.folder.string());
  const bool drew = std::system(command.c_str()) == 0;
  core::check(drew, "gnuplot failed: {}", drew ? "" : text_of(scratch.folder / "log"));
  std::vector<std::string> drawn;
  for (size_t k = 0; k < charts.size(); ++k)
    drawn.push_back(svg_in(scratch.folder / fmt::format("{}.svg", k)));
  return drawn;
}

}  // namespace render
