#include "analysis/diagnosis/evidence.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace analysis::diagnosis {

static constexpr size_t most_points = 400;  // as a report's curves

double Curve::mean(double from, double to) const {
  double sum = 0, count = 0;
  for (size_t k = 0; k < size(); ++k) {
    if (by_step.x[k] < from || by_step.x[k] > to) continue;
    sum += by_step.y[k];
    ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

double Curve::early(double share) const {
  const double begin = by_step.x.front();
  return mean(begin, begin + share * (end() - begin));
}

double Curve::late(double share) const { return mean(end() - share * (end() - by_step.x.front()), end()); }

void add_curve(Curves& curves, const std::string& metric, const core::Row& first,
               const render::Series& by_step) {
  const std::string group = core::group_of(metric);
  if (group == "time" || group == "test" || core::is_histogram(metric)) return;
  Curve curve{.by_step = {}, .first = first.value};
  for (size_t k = 0; k < by_step.x.size(); ++k) {
    if (!std::isfinite(by_step.y[k])) continue;
    curve.by_step.x.push_back(by_step.x[k]);
    curve.by_step.y.push_back(by_step.y[k]);
  }
  if (curve.size() > 0) curves.emplace(metric, std::move(curve));
}

Curves curves_of(const Run& run) {
  Curves curves;
  run.file->each([&](const std::string& metric, const core::Rows& rows) {
    const auto step = [&](size_t k) { return static_cast<double>(rows[k].step); };
    const auto value = [&](size_t k) { return rows[k].value; };
    add_curve(curves, metric, rows[0], render::thin(rows.size(), step, value, most_points));
  });
  return curves;
}

const Curve* Evidence::curve(const std::string& metric) const {
  const auto found = curves.find(metric);
  return found == curves.end() ? nullptr : &found->second;
}

static std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && *end == '\0' && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<double> Evidence::number(const std::string& attribute) const {
  return number_of(run.attribute(attribute));
}

double Evidence::sign() const { return run.attribute("score_sign") == "-1" ? -1 : 1; }

// "[eval/return_greedy >= 475]" of the config.
std::optional<double> Evidence::target(const std::string& metric) const {
  const auto reach = run.config.find("target.reach");
  if (reach == run.config.end()) return std::nullopt;
  for (const char* compared : {" >= ", " <= "})
    if (const size_t at = reach->second.find(metric + compared); at != std::string::npos)
      return std::atof(reach->second.c_str() + at + metric.size() + 4);
  return std::nullopt;
}

std::string at_step(double step) { return fmt::format("step {:.0f}", step); }

}  // namespace analysis::diagnosis
