#include "commands/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/diagnosis/diagnosis.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "envs/all.h"
#include "envs/minigrid/mission.h"
#include "render/cairo_canvas.h"
#include "render/player.h"
#include "render/reel.h"

namespace commands {

namespace fs = std::filesystem;

// Two fifths into an episode of the hand-written policy, or of a random one: something is going on then.
static void picture(const envs::Entry& entry, const fs::path& file) {
  const std::string policy = entry.heuristic ? "heuristic" : "random";
  const render::Reel reel = render::played(entry.name, policy, 3);
  render::Player player(reel.format, reel.episode(0));
  player.seek(player.length() * 2 / 5);
  render::CairoCanvas canvas(480, 320);
  player.draw(canvas);
  canvas.save_png(file);
}

// Which every environment has.
static bool is_common(const std::string& option) {
  static const std::set<std::string> common{"precision",  "max_episode_steps", "start_level",
                                            "num_levels", "level_choice",      "wrappers"};
  return common.contains(option);
}

static std::string options_table(envs::Options& options) {
  core::Fields fields;
  options.tagged().fields(fields);
  std::string rows;
  for (const auto& row : core::describe_fields(fields)) {
    const auto text = [&](const char* key) { return row.at(key).get<std::string>(); };
    if (is_common(text("name"))) continue;
    const std::string unit = text("unit").empty() ? "" : " [" + text("unit") + "]";
    rows += fmt::format("| `{}` | {} | {}{} |\n", text("name"), text("default"), text("sentence"), unit);
  }
  if (rows.empty()) return "";
  return "\n| option | default | meaning |\n| --- | --- | --- |\n" + rows;
}

// Where it was measured.
static std::string returns_row(const envs::EnvDescription& about) {
  const envs::MeanReturn &random = about.random_return, &scripted = about.heuristic_return;
  if (random.interval == 0) return "";
  std::string row = fmt::format("| mean return | random play {:g} +- {:g}", random.value, random.interval);
  if (scripted.interval > 0)
    row += fmt::format(", the heuristic policy {:g} +- {:g}", scripted.value, scripted.interval);
  return row + " (95 %, 10,000 episodes; `./atelier test returns` measures them again) |\n";
}

static std::string section(const envs::Entry& entry) {
  envs::Options options;
  options.tagged().choose(entry.name, "");
  const auto envs = options.make(1);
  const envs::Spec& spec = envs->spec();
  const auto or_none = [](bool there, const std::string& text) { return there ? text : std::string("none"); };
  std::string text = fmt::format("\n## {}\n\n![{}](pictures/environments/{}.png)\n\n{}.\n\n", entry.name,
                                 entry.name, entry.name, entry.sentence);
  text += "| | |\n| --- | --- |\n";
  text += fmt::format("| observation | `{}`: {} |\n", spec.observation.str(), entry.description.observation);
  text += fmt::format("| action | `{}`: {} |\n", spec.action.str(), entry.description.action);
  text += fmt::format("| reward | {} |\n| end | {} |\n", entry.description.reward, entry.description.end);
  text += fmt::format("| time limit | {} |\n",
                      or_none(spec.max_episode_steps > 0, fmt::format("{} steps", spec.max_episode_steps)));
  text += fmt::format("| solved at | {} |\n",
                      or_none(spec.reward_threshold.has_value(),
                              fmt::format("a mean return of {:g}", spec.reward_threshold.value_or(0))));
  text += returns_row(entry.description);
  text += fmt::format("| precision | {} |\n", fmt::join(entry.precisions, ", "));
  text += fmt::format("| heuristic policy | {} |\n| source | {} |\n", entry.heuristic ? "yes" : "no",
                      entry.source);
  if (*entry.description.rules) text += fmt::format("\n{}\n", entry.description.rules);
  return text + options_table(options);
}

// What the numbers of a mission that is given in words mean.
static std::string words_section() {
  std::vector<std::string> rows;
  for (const std::string& word : envs::minigrid::vocabulary())
    rows.push_back(fmt::format("{} {}", rows.size(), word.empty() ? "(no word)" : word));
  return fmt::format(
      "\n## The words of MiniGrid's missions\n\nWhere every episode of a level has the same mission, the "
      "observation's `mission` is a choice of one. Else it is\nthe mission's words one after another, "
      "without commas, each as its number: {}.\n",
      fmt::join(rows, ", "));
}

static void write_diagnosis(const fs::path& file) {
  core::WholeFile written(file);
  written.out() << "# Diagnosis in words\n\nWritten by `atelier document docs` from the table of rules. A "
                   "run says at its end "
                   "what its curves show, each with the figures and\nthe steps; `atelier report` says it of "
                   "every run that it "
                   "is given, on the page too. A rule reads what `run.h5` holds and nothing\nelse (of a "
                   "metric with more than "
                   "400 rows the means of 400 equal parts), and is silent where that lacks. What it says is "
                   "a\nhint, no "
                   "verdict: that a run has none of these is no proof that it learned.\n\n"
                   "| rule | speaks when | reads | whence the numbers |\n| --- | --- | --- | --- |\n";
  for (const auto& rule : analysis::diagnosis::rules())
    written.out() << fmt::format("| {} | {} | {} | {} |\n", rule.name, rule.sentence, rule.reads,
                                 rule.threshold);
  written.keep();
}

int document(const fs::path& folder) {
  const fs::path pictures = folder / "pictures" / "environments";
  fs::create_directories(pictures);
  core::WholeFile written(folder / "environments.md");
  std::ostream& page = written.out();
  page << "# Environments\n\nWritten by `atelier document docs` from the table of environments. Each is "
          "played with\n"
          "`atelier env ID --episodes 10`, watched with `atelier watch ID`, and named in an experiment as "
          "`env: ID`, or as\n"
          "`env: {id: ID, ...}` with its options. All have `precision`, `max_episode_steps`, `wrappers` and "
          "levels (`start_level`,\n"
          "`num_levels`, `level_choice`) besides ([the experiment file](experiment-file.md)). Environment i "
          "of a batch equals\n"
          "Gymnasium's seeded with seed + i where the source is Gymnasium and neither Box2D nor JAX is "
          "involved.\n";
  for (const envs::Entry& entry : envs::all()) {
    page << section(entry);
    const fs::path file = pictures / (entry.name + ".png");
    fs::create_directories(file.parent_path());  // ids may have slashes
    picture(entry, file);
  }
  page << words_section();
  written.keep();
  write_diagnosis(folder / "diagnosis.md");
  std::cout << fmt::format("{}: {} environments\n", (folder / "environments.md").string(),
                           envs::all().names().size());
  return 0;
}

}  // namespace commands
