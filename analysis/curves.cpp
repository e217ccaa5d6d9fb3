// Charts of metrics and profiles, and the words around them.
#include "analysis/curves.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/html.h"
#include "analysis/time_shares.h"
#include "render/palette.h"

namespace analysis {

namespace palette = render::palette;

namespace {

enum class Statistic { mean, iqm };
const char* key_of(Statistic statistic) { return statistic == Statistic::mean ? "mean" : "iqm"; }

// One chart of a metric.
struct Panel {
  size_t metric;  // of the findings
  Axis axis;
  Statistic statistic;
  Chart chart;
};

std::string file_name(std::string words) {
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '/' || c == ' '; }, '-');
  return words;
}

// Seconds, minutes or hours: the largest unit of which there are at least three.
struct Clock {
  const char* unit;
  double seconds;
};
Clock clock_for(double longest) {
  return longest >= 3 * 3600 ? Clock{"hours", 3600}
         : longest >= 180    ? Clock{"minutes", 60}
                             : Clock{"seconds", 1};
}

void scale_wall_time(Chart& chart) {
  double longest = 0;
  for (const Line& line : chart.lines) longest = std::max(longest, line.curve.x.back());
  const Clock clock = clock_for(longest);
  for (Line& line : chart.lines) {
    for (double& x : line.curve.x) x /= clock.seconds;
    for (render::Series& run : line.curve.runs)
      for (double& x : run.x) x /= clock.seconds;
  }
  chart.x += fmt::format(", {}", clock.unit);
}

bool has_seeds(const ReportData& data) {
  return std::any_of(data.runs.groups.begin(), data.runs.groups.end(),
                     [](const Group& group) { return group.runs.size() > 1; });
}

std::string title_of(const ReportData& data, const std::string& metric, Statistic statistic) {
  if (!has_seeds(data)) return metric + ", one seed";
  return metric + (statistic == Statistic::mean ? ", mean and 95 % t interval over seeds"
                                                : ", IQM and 95 % bootstrap interval over seeds");
}

Chart chart_of(const ReportData& data, const MetricSummaries& metric, Axis axis, Statistic statistic) {
  Chart chart{.file = fmt::format("{}/{}/{}", axis_key(axis), key_of(statistic), file_name(metric.name)),
              .title = title_of(data, metric.name, statistic),
              .x = axis_words(axis)};
  for (size_t k = 0; k < metric.groups.size(); ++k) {
    const auto& summary = metric.groups[k];
    if (!summary || !summary->curves.contains(axis)) continue;
    const Summary::Curves& curves = summary->curves.at(axis);
    const render::Curve& curve = statistic == Statistic::mean ? curves.mean : curves.iqm;
    chart.y = summary->metric.unit;
    if (curve.x.size() > 1) chart.lines.push_back({curve, k, data.runs.groups[k].label});
  }
  const bool grid =
      std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) { return line.curve.grid; });
  if (axis == Axis::wall && !chart.lines.empty()) scale_wall_time(chart);
  if (grid) chart.x += " (seeds on one grid: their steps differ)";
  return chart;
}

// Of one seed mean and IQM are the same: then there is the one.
std::vector<Statistic> statistics_of(const ReportData& data) {
  if (!has_seeds(data)) return {Statistic::mean};
  return {Statistic::mean, Statistic::iqm};
}

std::vector<Panel> views_of(const ReportData& data) {
  std::vector<Panel> views;
  for (size_t metric = 0; metric < data.metrics.size(); ++metric) {
    if (is_idle(data.metrics[metric]) || has_no_curve(data.metrics[metric])) continue;
    for (const Axis axis : data.axes)
      for (const Statistic statistic : statistics_of(data)) {
        Chart chart = chart_of(data, data.metrics[metric], axis, statistic);
        if (!chart.lines.empty()) views.push_back({metric, axis, statistic, std::move(chart)});
      }
  }
  return views;
}

std::vector<Chart> charts_of(const std::vector<Panel>& views) {
  std::vector<Chart> charts;
  charts.reserve(views.size());
  for (const Panel& view : views) charts.push_back(view.chart);
  return charts;
}

std::vector<Chart> profile_charts(const ReportData& data) {
  std::vector<Chart> charts;
  for (const Profiles& profiles : data.comparison.profiles) {
    const auto same = std::count_if(charts.begin(), charts.end(), [&](const Chart& chart) {
      return chart.title.rfind(profiles.task + ":", 0) == 0;
    });
    const std::string number = same ? fmt::format("-{}", same + 1) : "";
    Chart chart{.file = "profiles/" + file_name(profiles.task) + number,
                .title = fmt::format("{}: share of seeds {} a score", profiles.task,
                                     profiles.more ? "above" : "below"),
                .x = fmt::format("{}, {}", profiles.score, profiles.unit),
                .y = profiles.more ? "share of seeds above" : "share of seeds below",
                .share = true};
    for (const auto& [group, share] : profiles.lines)
      chart.lines.push_back({share, group, data.runs.groups[group].label});
    charts.push_back(std::move(chart));
  }
  return charts;
}

// As the lines are: from the eighth group on with gaps.
std::string swatch(size_t group) {
  const std::string color = render::hex(render::series_color(group));
  const std::string paint =
      group < palette::series.size()
          ? color
          : fmt::format("repeating-linear-gradient(90deg,{0} 0 3px,transparent 3px 5px)", color);
  return fmt::format("<span class=\"key\" style=\"background:{}\"></span>", paint);
}

std::string legend(const ReportData& data) {
  std::string out = "<p class=\"legend\">";
  for (size_t k = 0; k < data.runs.groups.size(); ++k) {
    const Group& group = data.runs.groups[k];
    out += fmt::format("<span class=\"entry\">{}{} ({} seed{})</span> ", swatch(k), html::escape(group.label),
                       group.runs.size(), group.runs.size() == 1 ? "" : "s");
  }
  return out + "</p>\n";
}

// One button of a row of which one is pressed.
std::string choice(const std::string& row, const std::string& key, const std::string& words, bool pressed) {
  return fmt::format(
      "<input type=\"radio\" name=\"{0}\" id=\"{0}-{1}\"{3}><label for=\"{0}-{1}\">{2}</label>\n", row, key,
      words, pressed ? " checked" : "");
}

std::string choices(const ReportData& data) {
  std::string out = "<span class=\"quiet\">Over</span>\n";
  for (const Axis axis : data.axes)
    out += choice("axis", axis_key(axis), axis_words(axis), axis == data.axes.front());
  out += "<span class=\"quiet apart\">as</span>\n" + choice("statistic", "mean", "mean", true);
  return has_seeds(data) ? out + choice("statistic", "iqm", "interquartile mean", false) : out;
}

constexpr const char* explanations =
    "<p class=\"view mean quiet\">Lines are means over the seeds that reach a point (at least half of "
    "them), bands their 95 % t intervals (from three seeds on).</p>\n<p class=\"view iqm quiet\">Lines "
    "are interquartile means over the seeds that reach a point (at least half of them; of fewer than four "
    "seeds it is the mean), bands 95 % percentile intervals of 2,000 bootstrap draws of seeds (from three "
    "seeds on).</p>\n<p "
    "class=\"quiet\">Points are rows of the log, of more than 400 the means of neighbours; thin lines are "
    "single seeds, where there are few rows. Where seeds log at different steps they are brought to one "
    "grid, "
    "and the axis says so.</p>\n";

std::string caption(const ReportData& data, const MetricSummaries& metric) {
  std::string sentence;
  for (size_t k = 0; k < data.runs.groups.size(); ++k)
    if (metric.groups[k]) sentence = metric.groups[k]->metric.sentence;
  return fmt::format("<figcaption><b>{}</b><br>{}</figcaption>\n", html::escape(metric.name),
                     html::escape(sentence));
}

}  // namespace

std::vector<Chart> report_charts(const ReportData& data) {
  std::vector<Chart> charts = charts_of(views_of(data));
  for (Chart& chart : profile_charts(data)) charts.push_back(std::move(chart));
  return charts;
}

std::string curves_html(const ReportData& data, std::vector<std::string>& notes) {
  const std::vector<Panel> views = views_of(data);
  if (views.empty()) return "";
  const auto drawn = svg_charts(charts_of(views));
  if (!drawn) {
    notes.emplace_back("curves are missing: gnuplot is not installed (Debian: gnuplot-nox)");
    return "";
  }
  std::string out = "<h2>Curves</h2>\n" + legend(data) + "<div class=\"curves\">\n" + choices(data) +
                    explanations + "<div class=\"charts\">\n";
  for (size_t k = 0; k < views.size(); ++k) {
    const Panel& view = views[k];
    const bool first = k == 0 || views[k - 1].metric != view.metric;
    const bool last = k + 1 == views.size() || views[k + 1].metric != view.metric;
    if (first) out += "<figure>" + caption(data, data.metrics[view.metric]);
    out += fmt::format("<div class=\"view {} {}\">{}</div>\n", axis_key(view.axis), key_of(view.statistic),
                       (*drawn)[k]);
    if (last) out += "</figure>\n";
  }
  return out + "</div></div>\n";
}

std::string curves_style() {
  std::string shown;
  for (const Statistic statistic : {Statistic::mean, Statistic::iqm}) {
    const char* key = key_of(statistic);
    for (const Axis axis : all_axes)
      shown += fmt::format("#axis-{0}:checked ~ #statistic-{1}:checked ~ .charts .{0}.{1},\n", axis_key(axis),
                           key);
    shown += fmt::format("#statistic-{0}:checked ~ p.{0}{1}\n", key, statistic == Statistic::mean ? "," : "");
  }
  return fmt::format(R"(
.view {{ display: none; }}
{shown}{{ display: block; }}
.curves input {{ position: absolute; opacity: 0; }}
.curves label {{ display: inline-block; padding: 3px 12px; margin: 2px 2px 2px 4px; border: 1px solid {rule}; border-radius: 14px; font-size: 13px; cursor: pointer; }}
.curves input:checked + label {{ background: {press}; border-color: {press}; color: {paper}; }}
.curves input:focus-visible + label {{ outline: 2px solid {warning}; outline-offset: 1px; }}
.apart {{ margin-left: 18px; }}
)",
                     fmt::arg("shown", shown), fmt::arg("rule", render::hex(palette::rule)),
                     fmt::arg("press", render::hex(palette::series[0])),
                     fmt::arg("paper", render::hex(palette::paper)),
                     fmt::arg("warning", render::hex(palette::warning)));
}

std::string comparison_html(const ReportData& data) {
  const std::vector<Chart> charts = profile_charts(data);
  const TextTable pairwise = pairwise_table(data);
  const TextTable aggregates = aggregate_table(data);
  const TextTable paired = paired_table(data);
  if (charts.empty() && pairwise.empty() && paired.empty()) return "";  // standings come with duels
  std::string out = "<h2>Over seeds</h2>\n";
  if (const auto drawn = svg_charts(charts); drawn && !charts.empty()) {
    out +=
        "<p class=\"quiet\">Performance profiles of the final scores: the share of seeds that do better, "
        "for each score, with 95 % bootstrap bands over seeds.</p>\n" +
        legend(data) + "<div class=\"charts\">\n";
    for (size_t k = 0; k < charts.size(); ++k)
      out += fmt::format("<figure><figcaption><b>{}</b></figcaption>\n{}</figure>\n",
                         html::escape(data.comparison.profiles[k].task), (*drawn)[k]);
    out += "</div>\n";
  }
  if (!aggregates.empty())
    out +=
        "<p class=\"quiet\">Over all tasks: the interquartile mean of all seeds' final scores [95 % "
        "bootstrap interval over seeds, within each task]. Each task's scores are scaled: 0 is its worst "
        "seed's here, 1 its best one's.</p>\n" +
        html::table(aggregates);
  if (!paired.empty())
    out += fmt::format("<p class=\"quiet\">{}</p>\n{}", paired_sentence, html::table(paired));
  if (pairwise.empty()) return out;
  return out +
         "<p class=\"quiet\">The chance that a seed of the one ends better than a seed of the other (ties "
         "half, the mean over tasks) [95 % bootstrap interval over seeds]. An interval that holds 0.5 "
         "leaves it open.</p>\n" +
         html::table(pairwise);
}

}  // namespace analysis
