#include "commands/sweep.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "analysis/parallel.h"
#include "commands/farm.h"
#include "commands/places.h"
#include "commands/trial_config.h"
#include "core/error.h"
#include "core/formats/metrics_csv.h"
#include "core/generations.h"
#include "core/interrupt.h"
#include "core/path.h"
#include "core/run_log.h"
#include "core/shell.h"
#include "core/sweep_plan.h"
#include "core/terminal.h"
#include "core/value.h"
#include "core/whole_file.h"
#include "render/text_table.h"

namespace commands {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t most_text = 4'000'000;  // bytes

std::string text_of(const fs::path& file) { return core::read_file(file, "a text", most_text); }

// None where a line holds no trial's number.
size_t trial_of(const std::string& line) {
  size_t trial = SIZE_MAX;
  const auto [end, wrong] = std::from_chars(line.data(), line.data() + line.size(), trial);
  return wrong == std::errc() && end == line.data() + line.size() ? trial : SIZE_MAX;
}

// How far a trial has come.
struct Result {
  size_t trial = 0;
  std::string status = "not begun", metric;
  double score = NAN, sign = 1;
};

class Sweep {
 public:
  // `file`: the sweep's own, beside which its experiment and its paths are looked for.
  Sweep(core::SweepPlan plan, fs::path folder, const fs::path& file, bool quiet, std::string line)
      : plan_(std::move(plan)),
        folder_(std::move(folder)),
        beside_(fs::absolute(file).parent_path()),
        line_(std::move(line)),
        quiet_(quiet) {
    const fs::path near = beside_ / plan_.experiment;
    file_ = fs::absolute(fs::exists(near) ? near : experiment_file(plan_.experiment)).string();
  }

  // Every value of a list once, and all of the first trial, in the program that knows what they mean: its
  // exit code.
  int validate() const {
    std::set<std::pair<size_t, std::string>> seen;
    for (size_t trial = 0; trial < plan_.values.size(); ++trial) {
      const auto& values = plan_.values[trial];
      bool fresh = seen.empty();
      for (size_t k = 0; k < values.size(); ++k)
        if (!plan_.keys[k].range) fresh = seen.emplace(k, values[k]).second || fresh;
      if (seen.empty()) seen.emplace(0, "");
      if (!fresh) continue;
      std::vector<std::string> words = beginning(values);
      words.push_back("--validate-only");
      const auto [output, code] = run_sibling(words);
      if (code == 0) continue;
      std::cerr << told(placed(output, values), trial);
      return code;
    }
    return 0;
  }

  // A sweep that was killed may have left trials behind that are about to end.
  void require_unlocked() const {
    for (const size_t trial : everyone()) core::require_unlocked(folder_of(trial));
  }

  // Folders that were moved, or came from elsewhere, are no trials of this sweep.
  void require_own_trials() const {
    const core::Value experiment = core::load_yaml(file_);
    for (const size_t trial : everyone()) {
      if (!core::has_checkpoint(folder_of(trial))) continue;
      core::Value asked = experiment;
      for (size_t k = 0; k < plan_.keys.size(); ++k)
        core::apply_override(asked, plan_.keys[k].name + "=" + plan_.values[trial][k]);
      const core::RunFile run(folder_of(trial));
      const std::string other =
          disagreement(asked, core::parse_yaml(run.config(), run.folder().string() + "/run.h5: /config"));
      core::check(other.empty(), "{}: holds another run than this trial: {}", run.folder().string(), other);
    }
  }

  const std::string& experiment() const { return file_; }

  int run() {
    if (plan_.method == "halving") return climb();
    return train(everyone(), "");
  }

  // By score alone, best first.
  std::vector<Result> results(const std::vector<size_t>& trials) const {
    std::vector<Result> all;
    for (const size_t trial : trials) all.push_back(result_of(trial));
    std::stable_sort(all.begin(), all.end(), [](const Result& a, const Result& b) {
      const double x = std::isnan(a.score) ? -INFINITY : a.sign * a.score;
      const double y = std::isnan(b.score) ? -INFINITY : b.sign * b.score;
      return x > y;
    });
    return all;
  }

  std::vector<size_t> everyone() const {
    std::vector<size_t> all;
    for (size_t k = 0; k < plan_.values.size(); ++k) all.push_back(k);
    return all;
  }

  void report() const;

 private:
  // What a trial's program says of its command line, said of the sweep's file.
  std::string placed(std::string words, const std::vector<std::string>& values) const {
    for (size_t k = 0; k < values.size(); ++k) {
      const std::string typed = fmt::format("command line ({}={}): ", plan_.keys[k].name, values[k]);
      if (const size_t at = words.find(typed); at != std::string::npos)
        words.replace(at, typed.size(), plan_.keys[k].source.str());
    }
    return words;
  }

  // And which trial it was: an error of its data names their file, not the values that led there.
  std::string told(const std::string& words, size_t trial) const {
    std::string line;
    for (size_t k = 0; k < plan_.keys.size(); ++k)
      line += fmt::format(" {}={}", plan_.keys[k].name, plan_.values[trial][k]);
    return fmt::format("{}{}in {}, with{}\n", words, place_of(words, plan_.values[trial]),
                       folder_of(trial).filename().string(), line);
  }

  // A value without its quotes, of a path its last part: a message has it whole, relative to another folder.
  static std::string in_messages(const std::string& value) {
    core::Value typed = core::Value::map();
    core::apply_override(typed, "value=" + value);
    return fs::path(typed.find("value")->scalar).filename().string();
  }

  // The key that an error speaks of; none where it has its place already or speaks of none.
  std::string place_of(const std::string& words, const std::vector<std::string>& values) const {
    constexpr size_t telling = 3;  // letters of a value that are found by no chance
    const auto told = [&](const std::string& text) { return words.find(text) != std::string::npos; };
    for (const core::SweepKey& key : plan_.keys)
      if (told(key.source.str())) return "";
    for (size_t k = 0; k < plan_.keys.size(); ++k) {
      const std::string value = in_messages(values[k]);
      if (told(plan_.keys[k].name) || (value.size() >= telling && told(value)))
        return plan_.keys[k].source.str();
    }
    return plan_.keys.front().source.file + ": ";
  }

  fs::path folder_of(size_t trial) const { return folder_ / fmt::format("trial-{:03}", trial); }

  std::vector<std::string> beginning(const std::vector<std::string>& values) const {
    std::vector<std::string> words{"run", file_, "--from", beside_.string()};
    for (size_t k = 0; k < values.size(); ++k) words.push_back(plan_.keys[k].name + "=" + values[k]);
    return words;
  }

  // What is left to do of a trial; no words when nothing is. A run that was stopped goes on from its
  // checkpoint, bit for bit; one without a checkpoint begins anew; one that failed would fail again.
  std::vector<std::string> words_for(size_t trial, const std::string& budget) const {
    const fs::path folder = folder_of(trial);
    core::check(!fs::is_symlink(folder), "{}: is a link, and a sweep writes in folders of its own",
                folder.string());
    std::vector<std::string> words{"run"};
    if (core::has_checkpoint(folder)) {
      const core::RunFile run(folder);
      const std::string status = run.attribute("status");
      if (status == "failed" || (status == "finished" && reached(run, budget))) return {};
      if (!budget.empty()) words.push_back(budget);
      words.insert(words.end(), {"--resume", folder.string()});
    } else {
      words = beginning(plan_.values[trial]);
      if (!budget.empty()) words.push_back(budget);
      words.insert(words.end(), {"--force", "--typed=" + line_, "--out", fs::absolute(folder).string()});
    }
    words.push_back("--quiet");
    return words;
  }

  // Whether a finished run's own budget is at least this one ("train.env_steps=10000").
  static bool reached(const core::RunFile& run, const std::string& budget) {
    if (budget.empty()) return true;
    const size_t dot = budget.find('.'), equals = budget.find('=');
    const core::Value config = core::parse_yaml(run.config(), run.folder().string() + "/run.h5: /config");
    const core::Value* train = config.find("train");
    const core::Value* own = train ? train->find(budget.substr(dot + 1, equals - dot - 1)) : nullptr;
    return own && !own->is_null() &&
           core::parse_number(own->scalar) >= core::parse_number(budget.substr(equals + 1));
  }

  int train(const std::vector<size_t>& trials, const std::string& budget) const {
    std::vector<Job> jobs;
    for (const size_t trial : trials)
      if (std::vector<std::string> words = words_for(trial, budget); !words.empty())
        jobs.push_back({std::move(words), folder_of(trial)});
    return jobs.empty() ? 0 : run_jobs(jobs, quiet_);
  }

  Result result_of(size_t trial) const {
    Result result{.trial = trial};
    if (!core::has_checkpoint(folder_of(trial))) return result;
    const core::RunFile run(folder_of(trial));
    result.status = run.attribute("status");
    result.metric = run.attribute("score");
    result.sign = run.attribute("score_sign") == "-1" ? -1 : 1;
    if (const auto row = run.last_row(result.metric)) result.score = row->value;
    return result;
  }

  // Successive halving (Jamieson & Talwalkar 2016): every rung trains who is left up to its budget, and a
  // share of the best goes on. Who went on is written down, so that a resumed sweep decides the same.
  int climb() {
    std::vector<size_t> left = everyone();
    int worst = 0;
    for (size_t rung = 0; rung < plan_.halving.budgets.size(); ++rung) {
      if (rung > 0) require_still_here();
      for (const size_t trial : left) budgets_[trial] = plan_.halving.budgets[rung];
      const fs::path decided = folder_ / fmt::format("rung-{}.txt", rung);
      if (!fs::exists(decided)) {
        const std::string budget =
            fmt::format("train.{}={}", plan_.halving.unit, core::print_number(plan_.halving.budgets[rung]));
        const int code = train(left, budget);
        if (code > 1) return code;
        worst = std::max(worst, code);
        std::string ranks;
        for (const Result& result : results(left)) ranks += fmt::format("{}\n", result.trial);
        core::write_whole(decided, ranks);
      }
      left = ranked(decided, left);
      left.resize(plan_.halving.kept(left.size()));
    }
    return worst;
  }

  // A rung takes long enough for somebody to move what the next one goes on with.
  void require_still_here() const {
    core::check(fs::exists(folder_ / "sweep.yaml"),
                "{}: was moved or removed while its sweep ran; go on with --out and its new place",
                folder_.string());
    require_own_trials();
  }

  // The trials of a rung, as a file has them, best first.
  static std::vector<size_t> ranked(const fs::path& file, const std::vector<size_t>& trials) {
    std::istringstream text(text_of(file));
    std::vector<size_t> ranks;
    for (std::string line; std::getline(text, line);) ranks.push_back(trial_of(line));
    core::check(std::is_permutation(ranks.begin(), ranks.end(), trials.begin(), trials.end()),
                "{}: expected the {} trials of this rung, each in a line, best first", file.string(),
                trials.size());
    return ranks;
  }

  core::SweepPlan plan_;
  fs::path folder_, beside_;
  std::string file_, line_;
  bool quiet_;
  std::map<size_t, double> budgets_;  // halving: of each trial, so far
};

void Sweep::report() const {
  const bool halving = !budgets_.empty();
  std::vector<Result> all = results(everyone());
  if (halving)  // who trained longer comes first, whatever a shorter one seemed to promise
    std::stable_sort(all.begin(), all.end(), [&](const Result& a, const Result& b) {
      return budgets_.at(a.trial) > budgets_.at(b.trial);
    });
  const std::string metric = all.front().metric.empty() ? "score" : all.front().metric;
  std::vector<std::string> head{"trial"};
  for (const core::SweepKey& key : plan_.keys) head.push_back(key.name);
  if (halving) head.push_back(plan_.halving.unit);
  head.insert(head.end(), {metric, "status"});
  std::vector<std::vector<std::string>> rows{head};
  std::vector<analysis::ParallelAxis> axes;
  for (size_t k = 1; k + 1 < head.size(); ++k) axes.push_back({head[k], {}});
  for (const Result& result : all) {
    std::vector<std::string> row{folder_of(result.trial).filename().string()};
    const auto& values = plan_.values[result.trial];
    row.insert(row.end(), values.begin(), values.end());
    if (halving) row.push_back(core::print_number(budgets_.at(result.trial)));
    row.push_back(std::isnan(result.score) ? "-" : fmt::format("{:.6g}", result.score));
    for (size_t k = 0; k < axes.size(); ++k) axes[k].values.push_back(row[k + 1]);
    row.push_back(result.status);
    rows.push_back(std::move(row));
  }
  if (!quiet_) render::print_table(std::cerr, rows);
  std::string table;
  for (const auto& row : rows)
    for (size_t k = 0; k < row.size(); ++k)
      table += core::formats::csv_field(row[k]) + (k + 1 == row.size() ? '\n' : ',');
  for (const char* made : {"table.csv", "sweep.svg"}) core::require_no_special(folder_ / made);
  core::write_whole(folder_ / "table.csv", table);
  const std::string title = fmt::format("{}: {} trials of {}", plan_.name, all.size(), plan_.experiment);
  analysis::write_parallel(folder_ / "sweep.svg", title, axes, all.front().sign);
}

// A folder belongs to one sweep: its file's text is kept there, and its experiment's.
void claim(const fs::path& folder, const std::string& name, const fs::path& file) {
  const fs::path kept = folder / name;
  if (fs::exists(kept)) {
    core::check(text_of(kept) == text_of(file), "{}: holds another sweep; its {} was not as {} is",
                folder.string(), name, file.string());
    return;
  }
  core::write_whole(kept, text_of(file));
}

}  // namespace

int sweep(const SweepCommand& command, const std::string& line) {
  const fs::path file = experiment_file(command.file);
  core::SweepPlan plan = core::read_plan(file);
  const std::string name = plan.name;
  if (!command.out.empty()) core::require_unlocked(command.out);
  if (const int code = Sweep(plan, command.out, file, command.quiet, line).validate(); code != 0) return code;
  const fs::path folder = command.out.empty() ? fresh_time_folder(name) : fs::path(command.out);
  const core::FolderLock lock(folder);
  Sweep all(std::move(plan), folder, file, command.quiet, line);
  claim(folder, "sweep.yaml", file);
  claim(folder, "experiment.yaml", all.experiment());
  if (command.out.empty()) point_latest(folder);
  all.require_unlocked();
  all.require_own_trials();
  const int code = all.run();
  all.report();
  if (core::interrupted() && !command.quiet)
    std::cerr << core::in_lines({"interrupted; go on with:", core::shell_line({"sweep", command.file}) +
                                                                 " --out " + core::shell_path(folder)},
                                core::lasting_width_of(STDERR_FILENO), " ")
              << '\n';
  std::cout << folder.string() << '\n';
  return code;
}

}  // namespace commands
