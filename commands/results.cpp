#include "commands/results.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "commands/catalog.h"
#include "commands/evaluate.h"
#include "commands/judge.h"
#include "commands/places.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/hdf5.h"
#include "core/path.h"
#include "core/run_folder.h"
#include "core/run_log.h"
#include "core/shown.h"
#include "core/whole_file.h"
#include "render/text_table.h"

namespace commands {

namespace {

namespace fs = std::filesystem;
using training::Target;

// One finished run that has a target.
struct Scored {
  core::RunFile file;
  training::Experiment experiment;
  Values best, last;  // of the two checkpoints, by metric
};
using Seeds = std::vector<Scored>;  // runs of one experiment that lie in one folder, by seed

// What cannot be looked into is named and passed over.
void add_runs_below(const fs::path& folder, std::vector<fs::path>& runs) {
  std::error_code refused;
  for (fs::directory_iterator entry(folder, refused), end; !refused && entry != end;
       entry.increment(refused)) {
    if (entry->path().filename() == "run.h5") runs.push_back(folder);
    std::error_code unknown;
    if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) add_runs_below(entry->path(), runs);
  }
  if (refused) std::cerr << fmt::format("passed over: {} ({})\n", folder.string(), refused.message());
}

std::vector<fs::path> runs_below(const std::vector<std::string>& folders) {
  std::vector<fs::path> runs;
  for (fs::path folder : folders) {
    core::check(fs::exists(folder), "{}: no such folder", folder.string());
    if (!fs::is_directory(folder)) folder = core::find_run(folder);
    add_runs_below(folder, runs);
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

training::Experiment experiment_of(const core::RunFile& file) {
  const core::Value config = core::parse_yaml(file.config(), (file.folder() / "run.h5").string());
  return training::read_experiment(config, catalog(), "");
}

// Everything but the seed and the target.
std::string config_without_seed(training::Experiment experiment) {
  experiment.target = {};
  experiment.seed = 0;
  return training::resolved(experiment);
}

// The target of a run: its own, or that of the shipped file of its name if the run did just what that says.
training::TargetOptions target_of(const training::Experiment& experiment) {
  const fs::path shipped = shipped_experiment(experiment.name);
  if (!experiment.target.reach.empty() || shipped.empty()) return experiment.target;
  const training::Experiment file = load_experiment({.file = shipped.string()});
  return config_without_seed(file) == config_without_seed(experiment) ? file.target
                                                                      : training::TargetOptions{};
}

// Folders of time are named so that the newer one sorts last.
std::vector<Seeds> gather(const std::vector<std::string>& folders) {
  std::map<std::pair<std::string, std::string>, Seeds> by_folder;  // name, parent
  for (const fs::path& run : runs_below(folders)) {
    const std::string why = core::unreadable(run, {"best.h5", "last.h5"});
    if (!why.empty()) std::cerr << fmt::format("passed over: {}\n", why);
    if (!why.empty()) continue;
    core::RunFile file(run);
    // A figure must not be of another step than it says.
    const bool fallen = !core::newest_checkpoint(run).remark.empty();
    if (fallen) std::cerr << fmt::format("passed over: {}/last.h5 is damaged or gone\n", run.string());
    if (fallen) continue;
    const bool whole = file.attribute("status") == "finished" && fs::exists(run / "best.h5");
    if (!whole) std::cerr << fmt::format("passed over: {} is not finished\n", run.string());
    if (!whole) continue;
    training::Experiment experiment = experiment_of(file);
    experiment.target = target_of(experiment);
    if (experiment.target.reach.empty()) continue;
    Seeds& seeds = by_folder[{experiment.name, run.parent_path().string()}];
    seeds.push_back({std::move(file), std::move(experiment), {}, {}});
  }
  std::map<std::pair<std::string, int64_t>, Seeds> newest;  // name, first seed
  for (auto& [key, seeds] : by_folder) {
    std::sort(seeds.begin(), seeds.end(),
              [](const Scored& a, const Scored& b) { return a.experiment.seed < b.experiment.seed; });
    newest[{key.first, seeds[0].experiment.seed}] = std::move(seeds);
  }
  std::vector<Seeds> all;
  for (auto& [key, seeds] : newest) all.push_back(std::move(seeds));
  return all;
}

using Judges = std::map<std::string, Judge>;  // by experiment file

Judge* judge_for(const Scored& run, const ResultsCommand& command, Judges& judges) {
  const std::string file = judge_of(run.file.folder(), run.experiment.target.judge, command.judge);
  if (file.empty()) return nullptr;
  if (!judges.contains(file)) judges.emplace(file, load_judge(file));
  return &judges.at(file);
}

void evaluate(Scored& run, const ResultsCommand& command, Judges& judges) {
  std::cerr << fmt::format("evaluating {}\n", run.file.folder().string());
  const EvalSettings settings{command.episodes, static_cast<uint64_t>(command.seed),
                              judge_for(run, command, judges)};
  run.best = evaluate_checkpoint(run.file.folder(), "best", settings).values;
  run.last = evaluate_checkpoint(run.file.folder(), "last", settings).values;
}

// Agents: did an evaluation during the run reach the target that the last one of them missed?
bool relapsed(const Scored& run, const Target& target) {
  const std::vector<core::Row> rows = run.file.rows(target.metric);
  const auto reached = [&](const core::Row& row) { return target.reached(row.value); };
  return std::any_of(rows.begin(), rows.end(), reached) && !reached(rows.back());
}

// How many, and which.
std::string seeds_text(const Seeds& seeds) {
  const int64_t first = seeds.front().experiment.seed, last = seeds.back().experiment.seed;
  if (seeds.size() == 1) return fmt::format("1 ({})", first);
  const bool gapless = last - first + 1 == static_cast<int64_t>(seeds.size());
  return fmt::format("{} ({}{}{})", seeds.size(), first, gapless ? "-" : " .. ", last);
}

std::vector<double> values_of(const Seeds& seeds, const std::string& metric, Values Scored::*checkpoint) {
  std::vector<double> values;
  for (const Scored& run : seeds) values.push_back((run.*checkpoint).at(metric));
  return values;
}

std::string interval(const Seeds& seeds, const std::string& metric, Values Scored::*checkpoint) {
  return render::short_interval(render::mean_interval(values_of(seeds, metric, checkpoint)));
}

std::string median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return fmt::format("{:.4g}", (values[(n - 1) / 2] + values[n / 2]) / 2);
}

double seconds_of(const Scored& run, const std::string& text) {
  double seconds = -1;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool told =
      wrong == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds < 1e12;
  core::check(told, "{}/run.h5: its attribute cpu_s is '{}', expected seconds", run.file.folder().string(),
              core::shown_start(text));
  return seconds;
}

double mean_cpu(const Seeds& seeds) {
  double sum = 0;
  for (const Scored& run : seeds)
    for (const auto& [name, text] : run.file.attributes())
      if (name == "cpu_s") sum += seconds_of(run, text);
  return sum / static_cast<double>(seeds.size());
}

std::string duration_text(const core::Duration& duration) {
  return fmt::format("{} {}", render::short_count(std::llround(duration.amount)),
                     core::unit_name(duration.unit));
}

// The source's budget in a unit of its own.
core::Duration told_budget(const Scored& run) {
  return training::resolve(run.experiment.target.budget, run.experiment.train.budget(), 0);
}

std::string budget_text(const Scored& run) {
  const core::Duration own = run.experiment.train.budget(), told = told_budget(run);
  if (told.amount <= 0 || (told.unit == own.unit && told.amount == own.amount)) return duration_text(own);
  return fmt::format("{} (source: {})", duration_text(own), duration_text(told));
}

// Of the trainer's counters, as last.h5 has it.
double counted(const Scored& run, const char* counter) {
  const core::Checkpoint last = core::newest_checkpoint(run.file.folder());
  return core::h5::File::open(last.file).number("/counters", counter);
}

// What a run spent in `unit`, by its own budget where that is the unit: the last rollout may pass it.
double spent(const Scored& run, core::Unit unit) {
  const core::Duration own = run.experiment.train.budget();
  if (own.unit == unit) return own.amount;
  if (unit == core::Unit::epochs) return counted(run, "epoch");
  if (unit == core::Unit::minutes) return counted(run, "wall_s") / 60;
  const auto row = run.file.last_row(run.file.attribute("score"));
  if (!row) return 0;
  if (unit == core::Unit::env_steps) return static_cast<double>(row->env_steps);
  if (unit == core::Unit::samples) return static_cast<double>(row->samples);
  return unit == core::Unit::steps ? static_cast<double>(row->step) : 0;
}

// "yes", "no", or that it took more than the source.
std::string verdict(const Scored& run, bool enough) {
  const core::Duration told = told_budget(run);
  const double times = told.amount > 0 ? spent(run, told.unit) / told.amount : 1;
  if (!enough) return "no";
  return times > 1 ? fmt::format("at {:.3g} x its budget", times) : "yes";
}

const std::vector<std::string> head{"experiment", "target",   "seeds",        "best",          "final",
                                    "median",     "reached",  "best reaches", "final reaches", "relapses",
                                    "budget",     "CPU time", "source"};

std::vector<std::string> row_of(const Seeds& seeds, const Target& target) {
  const Scored& first = seeds[0];
  const auto n = static_cast<int64_t>(seeds.size());
  const bool by_last = first.experiment.target.checkpoint == "last";
  const auto good = [&](Values Scored::*checkpoint) {
    return std::count_if(seeds.begin(), seeds.end(), [&](const Scored& run) {
      return target.reached((run.*checkpoint).at(target.metric));
    });
  };
  const auto back =
      std::count_if(seeds.begin(), seeds.end(), [&](const Scored& run) { return relapsed(run, target); });
  const auto counts = good(by_last ? &Scored::last : &Scored::best);
  const double share = static_cast<double>(counts) / static_cast<double>(n);
  return {first.experiment.name,
          target.str(),
          seeds_text(seeds),
          interval(seeds, target.metric, &Scored::best),
          interval(seeds, target.metric, &Scored::last),
          median(values_of(seeds, target.metric, by_last ? &Scored::last : &Scored::best)),
          verdict(first, share >= first.experiment.target.share),
          fmt::format("{} of {}", good(&Scored::best), n),
          fmt::format("{} of {}{}", good(&Scored::last), n, by_last ? " (it counts)" : ""),
          first.experiment.kind == "agent" ? std::to_string(back) : "-",
          budget_text(first),
          render::short_time(mean_cpu(seeds)),
          first.experiment.target.source};
}

// Whether there is a value to judge by; one experiment without is no reason to keep the others back.
bool is_told(const Seeds& seeds, const Target& target) {
  for (const Scored& run : seeds) {
    if (run.best.contains(target.metric) && run.last.contains(target.metric)) continue;
    std::cerr << fmt::format("passed over: {}: no evaluation at the end tells its target's '{}'\n",
                             run.file.folder().string(), target.metric);
    return false;
  }
  return true;
}

using Rows = std::vector<std::vector<std::string>>;  // the first one is the head

Rows rows_of(std::vector<Seeds> all, const ResultsCommand& command) {
  Rows rows{head};
  Judges judges;
  const auto asks = [](const Seeds& seeds) { return !seeds[0].experiment.target.judge.empty(); };
  if (!command.judge.empty()) require_judge(command.judge, std::any_of(all.begin(), all.end(), asks));
  for (Seeds& seeds : all) {
    for (Scored& run : seeds) evaluate(run, command, judges);
    for (const Target& target : seeds[0].experiment.target.targets())
      if (is_told(seeds, target)) rows.push_back(row_of(seeds, target));
  }
  return rows;
}

constexpr const char* preamble = R"(# Results

Written by `atelier results` from run folders. Each row: `atelier run experiments/NAME.yaml --seeds N` (`seed=100` for the
second set), as `experiments/results.sh` runs them. *best* and *final* are best.h5 and last.h5, mean and 95 % interval over
seeds; agents play {} greedy episodes each; a model's best.h5 is chosen on validation data, and what stands here is measured on
test data. *median*: over seeds, of best.h5, or of last.h5 where that counts. *reached*: whether enough of those seeds did (where
last.h5 counts: half of them, so that the median did) with no more than the source's budget. *best reaches*, *final reaches*: of
how many seeds. *relapses*: runs that reached the target in an evaluation and ended below. CPU time is a seed's, evaluation
included.

)";

void write_markdown(const fs::path& file, const Rows& rows, int64_t episodes) {
  core::WholeFile whole(file);
  std::ostream& out = whole.out();
  out << fmt::format(preamble, episodes);
  for (const auto& row : rows) {
    out << "| " << fmt::format("{}", fmt::join(row, " | ")) << " |\n";
    if (&row == &rows[0]) {
      for (size_t k = 0; k < row.size(); ++k) out << "| --- ";
      out << "|\n";
    }
  }
  whole.keep();
}

// "| a | b |" by its cells; none of a line that is no row.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| ") || !line.ends_with(" |")) return cells;
  for (size_t begin = 2; begin < line.size();) {
    const size_t end = line.find(" | ", begin), last = line.size() - 2;
    cells.push_back(line.substr(begin, std::min(end, last) - begin));
    begin = end == std::string::npos ? line.size() : end + 3;
  }
  return cells;
}

// Which row it is, whatever it reached: experiment, target, and the first of its seeds.
std::vector<std::string> key_of(const std::vector<std::string>& row) {
  const std::string& seeds = row[2];
  const size_t begin = seeds.find('(') + 1;
  return {row[0], row[1], seeds.substr(begin, seeds.find_first_of("-. )", begin) - begin)};
}

// Into `table`, sorted, the rows of shipped experiments that `file` has and the table has not.
void keep_others(const fs::path& file, Rows& table) {
  std::ifstream in(file);
  std::set<std::vector<std::string>> known;
  for (size_t k = 1; k < table.size(); ++k) known.insert(key_of(table[k]));
  bool below = false;  // a head like ours
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row = cells_of(line);
    if (below && row.size() == head.size() && !known.contains(key_of(row)) &&
        !shipped_experiment(row[0]).empty())
      table.push_back(std::move(row));
    below |= row == head;
  }
  std::sort(table.begin() + 1, table.end(),
            [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
}

// results.md in each folder of `out` in whose namesake the rows' experiment files lie; what stands there of
// other experiments stays.
void write_folders(const fs::path& out, const Rows& rows, int64_t episodes) {
  std::map<fs::path, Rows> tables;
  for (size_t k = 1; k < rows.size(); ++k) {
    const fs::path shipped = shipped_experiment(rows[k][0]);
    if (shipped.empty()) std::cerr << fmt::format("passed over: {} is not in experiments/\n", rows[k][0]);
    if (shipped.empty()) continue;
    Rows& table = tables[out / shipped.parent_path().filename()];
    if (table.empty()) table.push_back(rows[0]);
    table.push_back(rows[k]);
  }
  for (auto& [folder, table] : tables) {
    std::error_code ignored;  // what cannot be written is said by write_markdown
    fs::create_directories(folder, ignored);
    keep_others(folder / "results.md", table);
    write_markdown(folder / "results.md", table, episodes);
  }
}

// What a terminal has room for; all columns go into a pipe and into the file.
void print_short(const Rows& rows) {
  constexpr std::array<size_t, 7> shown{0, 1, 2, 3, 4, 5, 6};
  Rows narrow;
  for (const auto& row : rows) {
    narrow.emplace_back();
    for (const size_t k : shown) narrow.back().push_back(row[k]);
  }
  render::print_table(std::cout, narrow);
  std::cout << '\n';
  for (size_t k = 1; k < rows.size(); ++k)
    if (rows[k][0] != rows[k - 1][0]) std::cout << fmt::format("{}: {}\n", rows[k].front(), rows[k].back());
}

}  // namespace

int results(const ResultsCommand& command) {
  std::vector<Seeds> all = gather(command.folders);
  core::check(!all.empty(), "{}: no finished run with a target below it (see: atelier describe experiment)",
              fmt::join(command.folders, ", "));
  const auto rows = rows_of(std::move(all), command);
  ::isatty(STDOUT_FILENO) ? print_short(rows) : render::print_table(std::cout, rows);
  if (command.out.empty()) return 0;
  const bool file = !fs::is_directory(command.out) && core::ending(command.out) == ".md";
  file ? write_markdown(command.out, rows, command.episodes)
       : write_folders(command.out, rows, command.episodes);
  return 0;
}

}  // namespace commands
