// Tables, charts, pictures, episodes, configs, systems, commands.
#include "render/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/episodes.h"
#include "core/error.h"
#include "render/cairo_canvas.h"
#include "render/charts.h"
#include "render/html.h"
#include "render/palette.h"
#include "render/player.h"
#include "render/text_table.h"

namespace render {

namespace {

// "250k", or "180k-250k" where runs stand at different steps.
std::string steps_of(const Group& group) {
  const auto less = [](const Run& a, const Run& b) { return a.last.step < b.last.step; };
  const auto [low, high] = std::minmax_element(group.runs.begin(), group.runs.end(), less);
  const std::string least = short_count(low->last.step), most = short_count(high->last.step);
  return least == most ? most : fmt::format("{}\u2013{}", least, most);
}

std::string mean_time(const Group& group, const std::function<double(const Run&)>& seconds) {
  std::vector<double> values;
  for (const Run& run : group.runs) values.push_back(seconds(run));
  const Interval mean = mean_interval(values);
  return std::isfinite(mean.mean) && mean.mean > 0 ? short_time(mean.mean) : "-";
}

double cpu_of(const Run& run) { return std::atof(run.attribute("cpu_s").c_str()); }

// Rates of what a run does not count stay 0.
bool is_idle(const Findings::Measured& metric) {
  return metric.name.rfind("time/", 0) == 0 &&
         std::all_of(metric.groups.begin(), metric.groups.end(),
                     [](const auto& summary) { return !summary || summary->final.mean == 0; });
}

bool is_key(const std::string& metric) {
  const auto in = [&](const char* group) { return metric.rfind(group, 0) == 0; };
  return in("eval/") || in("test/") || metric == "train/loss" || metric == "time/env_steps_per_s" ||
         metric == "time/samples_per_s";
}

}  // namespace

std::vector<std::vector<std::string>> run_table(const Findings& findings) {
  std::vector<std::vector<std::string>> rows{
      {"run", "learner", "seeds", "steps", "env steps", "status", "wall", "CPU"}};
  for (const Group& group : findings.runs.groups) {
    int64_t env_steps = 0;
    for (const Run& run : group.runs) env_steps = std::max(env_steps, run.last.env_steps);
    rows.push_back({group.label, group.first().attribute("learner"), std::to_string(group.runs.size()),
                    steps_of(group), env_steps ? short_count(env_steps) : "-", group.states(),
                    mean_time(group, [](const Run& run) { return run.last.wall_s; }),
                    mean_time(group, cpu_of)});
  }
  return rows;
}

std::vector<std::vector<std::string>> metric_table(const Findings& findings, bool all) {
  const auto& groups = findings.runs.groups;
  const bool several = groups.size() > 1;
  std::vector<std::vector<std::string>> rows{{"metric", "final", "best", "seeds"}};
  if (several) rows[0].insert(rows[0].begin() + 1, "run");
  for (const auto& metric : findings.metrics) {
    if (!all && (!is_key(metric.name) || is_idle(metric))) continue;
    for (size_t k = 0; k < groups.size(); ++k) {
      const auto& summary = metric.groups[k];
      if (!summary) continue;
      rows.push_back({metric.name, short_interval(summary->final), short_interval(summary->best),
                      std::to_string(summary->final.n)});
      if (several) rows.back().insert(rows.back().begin() + 1, groups[k].label);
    }
  }
  return rows;
}

namespace {

std::string legend(const Findings& findings) {
  std::string out = "<p class=\"legend\">";
  for (size_t k = 0; k < findings.runs.groups.size(); ++k) {
    const Group& group = findings.runs.groups[k];
    out +=
        fmt::format("<span class=\"key\" style=\"background:{}\"></span>{} ({} seed{})", hex(series_color(k)),
                    html::escape(group.label), group.runs.size(), group.runs.size() == 1 ? "" : "s");
  }
  return out +
         "</p>\n<p class=\"quiet\">Lines are means over the seeds that reach a step (at least half of them), "
         "bands their 95 % t "
         "interval "
         "(no band for one seed).</p>\n";
}

std::string charts(const Findings& findings, std::vector<std::string>& notes) {
  std::vector<Chart> wanted;
  std::vector<std::string> captions;
  for (const auto& metric : findings.metrics) {
    Chart chart;
    std::string words;
    for (size_t k = 0; k < metric.groups.size(); ++k) {
      const auto& summary = metric.groups[k];
      if (!summary || summary->curve.x.size() < 2) continue;
      chart.lines.push_back({summary->curve, series_color(k)});
      chart.x = summary->x, chart.y = summary->metric.unit, words = summary->metric.sentence;
    }
    if (chart.lines.empty()) continue;
    captions.push_back(fmt::format("<b>{}</b><br>{}", html::escape(metric.name), html::escape(words)));
    wanted.push_back(std::move(chart));
  }
  const auto drawn = svg_charts(wanted);
  if (!drawn) {
    notes.emplace_back("curves are missing: gnuplot is not installed (Debian: gnuplot-nox)");
    return "";
  }
  std::string out = "<div class=\"charts\">\n";
  for (size_t k = 0; k < drawn->size(); ++k)
    out += fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", captions[k], (*drawn)[k]);
  return out + "</div>\n";
}

std::string pictures(const Run& run) {
  std::string out;
  for (const auto& film : run.file->pictures()) {
    if (film.steps.empty()) continue;
    const size_t last = film.steps.size() - 1;
    std::vector<size_t> shown{0, last / 2, last};
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    out += fmt::format("<h3>{}</h3><p class=\"quiet\">{}</p>\n<div class=\"pictures films\">",
                       html::escape(film.name), html::escape(film.sentence));
    for (const size_t k : shown)
      out += html::picture(run.file->frame(film.name, k), fmt::format("step {}", film.steps[k]));
    out += "</div>\n";
  }
  return out;
}

// The newest evaluation of each policy: one row each.
std::string episode_table(const std::vector<core::EpisodeHeader>& headers) {
  std::map<std::string, std::vector<const core::EpisodeHeader*>> newest;
  for (const auto& h : headers) {
    auto& of = newest[h.policy];
    if (!of.empty() && of.front()->step != h.step) of.clear();
    of.push_back(&h);
  }
  std::vector<std::vector<std::string>> rows{
      {"policy", "at step", "episodes", "mean return", "lowest", "highest", "mean length"}};
  for (const auto& [policy, of] : newest) {
    std::vector<double> returns, lengths;
    for (const auto* h : of)
      returns.push_back(h->episode_return), lengths.push_back(static_cast<double>(h->length));
    const auto [low, high] = std::minmax_element(returns.begin(), returns.end());
    rows.push_back({policy, std::to_string(of.front()->step), std::to_string(of.size()),
                    short_number(mean_interval(returns).mean), short_number(*low), short_number(*high),
                    short_number(mean_interval(lengths).mean)});
  }
  return html::table(rows);
}

// Five moments of one episode, side by side.
std::string episode_strip(const core::EpisodeFile& file) {
  static constexpr int moments = 5, width = 176, height = 132;
  Player player(file.format(), file.read(file.headers().size() - 1));
  std::string out = "<div class=\"pictures strip\">";
  for (int k = 0; k < moments; ++k) {
    player.seek(player.length() * k / (moments - 1));
    CairoCanvas canvas(width, height);
    player.draw(canvas);
    out += html::picture(canvas.image(), fmt::format("step {}", player.t()));
  }
  const core::EpisodeHeader& h = player.header();
  out += fmt::format("</div><p class=\"quiet\">The last recorded episode: {}, seed {}, return {}.</p>\n",
                     html::escape(h.policy), h.seed, short_number(h.episode_return));
  return player.difference()
             ? out + fmt::format("<p class=\"note\">{}</p>", html::escape(player.difference()->str()))
             : out;
}

std::string episodes(const Run& run, std::vector<std::string>& notes) {
  const auto path = run.folder / "episodes.h5";
  if (!std::filesystem::exists(path)) return "";
  try {
    const core::EpisodeFile file(path);
    if (file.headers().empty()) return "";
    return fmt::format(
               "<h3>Episodes</h3><p class=\"quiet\">{} recorded, of {}; the newest evaluation of each "
               "policy:</p>",
               file.headers().size(), html::escape(file.format().env_id)) +
           episode_table(file.headers()) + episode_strip(file);
  } catch (const core::Error& error) {  // an episode that cannot be shown must not hide the report
    notes.emplace_back(error.what());
    return "";
  }
}

std::string seed_table(const Group& group) {
  std::vector<std::vector<std::string>> rows{{"seed", "status", "steps", "wall", "CPU", "started", "folder"}};
  for (const Run& run : group.runs)
    rows.push_back({run.attribute("seed"), run.state, short_count(run.last.step), short_time(run.last.wall_s),
                    cpu_of(run) > 0 ? short_time(cpu_of(run)) : "-", run.attribute("start"),
                    run.folder.string()});
  return html::table(rows);
}

std::string system_table(const Run& run) {
  std::vector<std::vector<std::string>> rows{{"attribute", "value"}};
  for (const auto& [name, value] : run.attributes) rows.push_back({name, value});
  return html::table(rows);
}

std::string commands(const Group& group) {
  const Run& run = group.first();
  const std::string file = run.name() + ".yaml", folder = run.folder.string();
  const std::string given = run.attribute("command");
  std::string words =
      given.empty() ? fmt::format("# the config above, saved as {0}:\n./atelier run {0}", file) : given;
  if (given.empty() && group.runs.size() > 1) words += fmt::format(" --seeds {}", group.runs.size());
  words += fmt::format("\n./atelier eval {0}\n./atelier watch {0}\n./atelier report", folder);
  for (const Run& each : group.runs) words.append(" ").append(each.folder.string());
  return html::preformatted(words + "\n");
}

std::string group_section(const Group& group, std::vector<std::string>& notes) {
  const Run& run = group.first();
  std::string out = fmt::format("<section><h2>{}</h2>\n", html::escape(group.label));
  if (group.runs.size() > 1)
    out +=
        fmt::format("<p class=\"quiet\">Pictures and episodes are seed {}'s.</p>\n", run.attribute("seed"));
  out += pictures(run) + episodes(run, notes);
  out += html::details("Seeds", seed_table(group));
  out += html::details("Config", html::preformatted(run.config_text));
  out += html::details("System and versions", system_table(run));
  return out + "<h3>To repeat it</h3>\n" + commands(group) + "</section>\n";
}

std::string difference_table(const std::vector<Group>& groups) {
  if (groups.size() < 2) return "";
  std::vector<std::vector<std::string>> rows{{"key"}};
  for (const Group& group : groups) rows[0].push_back(group.label);
  for (const auto& [key, values] : differences(groups)) {
    rows.push_back({key});
    rows.back().insert(rows.back().end(), values.begin(), values.end());
  }
  return fmt::format("<h2>Where the configs differ</h2>\n{}", html::table(rows));
}

std::string title_of(const Findings& findings) {
  std::string names, before;
  for (const Group& group : findings.runs.groups) {
    const std::string name = group.first().name();
    if (name != before) names += (names.empty() ? "" : ", ") + name;
    before = name;
  }
  return names.size() > 90 ? fmt::format("{} experiments", findings.runs.groups.size()) : names;
}

}  // namespace

std::string report_page(const Findings& findings, std::vector<std::string>& notes) {
  std::string curves = charts(findings, notes), sections;
  for (const Group& group : findings.runs.groups) sections += group_section(group, notes);
  std::string said;
  for (const std::string& note : notes) said += fmt::format("<p class=\"note\">{}</p>\n", html::escape(note));
  const std::string title = title_of(findings);
  return html::page(
      title, fmt::format("<h1>{}</h1>\n<p class=\"quiet\">Atelier report of {}</p>\n", html::escape(title),
                         core::now_iso()) +
                 said + html::table(run_table(findings)) + "<h2>Curves</h2>\n" + legend(findings) + curves +
                 "<h2>Values</h2>\n<p class=\"quiet\">Mean over seeds [95 % t interval over seeds].</p>\n" +
                 html::table(metric_table(findings, true)) + difference_table(findings.runs.groups) +
                 sections);
}

}  // namespace render
