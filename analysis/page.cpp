// Notes, tables, charts, pictures, episodes, configs, systems, commands.
#include "analysis/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/curves.h"
#include "analysis/episodes.h"
#include "analysis/html.h"
#include "analysis/time_shares.h"
#include "core/shell.h"
#include "render/text_table.h"

namespace analysis {

namespace {

std::string pictures(const Run& run) {
  std::string out;
  for (const auto& film : run.file->pictures()) {
    if (film.steps.empty()) continue;
    const size_t last = film.steps.size() - 1;
    std::vector<size_t> shown{0, last / 2, last};
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    out += fmt::format("<h3>{}</h3><p class=\"quiet\">{}</p>\n<div class=\"pictures{}\">",
                       html::escape(film.name), html::escape(film.sentence),
                       film.kind == "text" ? "" : " films");  // words must stay large enough to be read
    for (const size_t k : shown)
      out += html::picture(run.file->frame(film.name, k), fmt::format("step {}", film.steps[k]));
    out += "</div>\n";
  }
  return out;
}

std::string seed_table(const Group& group) {
  std::vector<std::vector<std::string>> rows{{"seed", "status", "steps", "wall", "CPU", "started", "folder"}};
  for (const Run& run : group.runs)
    rows.push_back({run.attribute("seed"), run.state, render::short_count(run.last.step),
                    render::short_time(run.wall_seconds()),
                    run.cpu_seconds() > 0 ? render::short_time(run.cpu_seconds()) : "-",
                    run.attribute("start"), run.folder.string()});
  return html::table(rows);
}

std::string system_table(const Run& run) {
  std::vector<std::vector<std::string>> rows{{"attribute", "value"}};
  for (const auto& [name, value] : run.attributes) rows.push_back({name, value});
  return html::table(rows);
}

// As a shell parts them: not at a blank between quotes.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char letter : line) {
    quoted ^= letter == '\'';
    if (letter == ' ' && !quoted)
      words.emplace_back();
    else
      words.back() += letter;
  }
  return words;
}

// Through the launcher; of a key that is given twice the last value, the one that counts.
std::string launched(const std::string& command) {
  const std::vector<std::string> words = words_of(command.starts_with("atelier ") ? "./" + command : command);
  std::set<std::string> given;
  std::string line;
  for (auto word = words.rbegin(); word != words.rend(); ++word)
    if (const size_t equals = word->find('=');
        equals == std::string::npos || given.insert(word->substr(0, equals)).second)
      line.insert(0, line.empty() ? *word : *word + ' ');
  return line;
}

// As they were typed; runs that do not know theirs are repeated from the config.
std::string typed(const Group& group) {
  std::string words;
  for (const Run& run : group.runs)
    if (const std::string command = launched(run.attribute("command"));
        !command.empty() && words.find(command + "\n") == std::string::npos)
      words += command + "\n";
  if (words.find("--force") != std::string::npos) words = "# as typed: --force replaces these runs\n" + words;
  if (!words.empty()) return words;
  const std::string seeds = group.runs.size() > 1 ? fmt::format(" --seeds {}", group.runs.size()) : "";
  return fmt::format("# the config above, saved as {0}.yaml:\n./atelier run {0}.yaml{1}\n",
                     group.first().name(), seeds);
}

std::string commands(const Group& group) {
  const std::string folder = core::shell_path(group.first().folder);
  std::string words =
      typed(group) + fmt::format("./atelier eval {0}\n./atelier watch {0}\n./atelier report", folder);
  for (const Run& each : group.runs) words.append(" ").append(core::shell_path(each.folder));
  return html::preformatted(words + "\n");
}

std::string group_section(const Group& group, std::vector<std::string>& notes) {
  const Run& run = group.first();
  std::string out = fmt::format("<section><h2>{}</h2>\n", html::escape(group.label));
  if (group.runs.size() > 1)
    out +=
        fmt::format("<p class=\"quiet\">Pictures and episodes are seed {}'s.</p>\n", run.attribute("seed"));
  out += pictures(run) + episodes_html(run, notes);
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

std::string times_html(const ReportData& data) {
  const TextTable times = time_table(data);
  if (times.empty()) return "";
  return fmt::format("<p class=\"quiet\">{}</p>\n{}", time_sentence, html::table(times));
}

std::string values_html(const ReportData& data) {
  return "<h2>Values</h2>\n<p class=\"quiet\">The last value of each seed: mean [95 % t interval over "
         "seeds], interquartile mean [95 % bootstrap interval over seeds]; best is the mean of each seed's "
         "best.</p>\n" +
         (lacks_seeds(data) ? fmt::format("<p class=\"quiet\">{}</p>\n", needs_seeds) : "") +
         html::table(metric_table(data, true)) + times_html(data);
}

std::string diagnosis_html(const ReportData& data) {
  std::string out;
  for (const std::string& line : diagnosis_lines(data)) out += "<li>" + html::escape(line) + "</li>\n";
  return out.empty() ? "" : "<h2>Diagnosis</h2>\n<ul class=\"note\">\n" + out + "</ul>\n";
}

std::string title_of(const ReportData& data) {
  std::string names, before;
  for (const Group& group : data.runs.groups) {
    const std::string name = group.first().name();
    if (name != before) names += (names.empty() ? "" : ", ") + name;
    before = name;
  }
  return names.size() > 90 ? fmt::format("{} experiments", data.runs.groups.size()) : names;
}

}  // namespace

std::string report_page(const ReportData& data, std::vector<std::string>& notes) {
  const std::string curves = curves_html(data, notes);
  std::string sections, said;
  for (const Group& group : data.runs.groups) sections += group_section(group, notes);
  for (const std::string& note : notes) said += fmt::format("<p class=\"note\">{}</p>\n", html::escape(note));
  const std::string title = title_of(data);
  return html::page(title,
                    fmt::format("<h1>{}</h1>\n<p class=\"quiet\">Atelier report of {}</p>\n",
                                html::escape(title), core::now_iso()) +
                        said + html::table(run_table(data)) + diagnosis_html(data) + curves +
                        values_html(data) + comparison_html(data) + difference_table(data.runs.groups) +
                        sections,
                    curves_style());
}

}  // namespace analysis
