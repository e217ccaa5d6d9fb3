#include "commands/eval_table.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/run_log.h"
#include "envs/all.h"
#include "render/statistics.h"
#include "render/text_table.h"

namespace commands {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::optional<envs::Spec> environment(const core::RunFile& run) {
  const core::Value config = core::parse_yaml(run.config(), "config");
  const core::Value* env = config.find("env");
  if (!env) return std::nullopt;
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::Value only = core::Value::map();
  only.set("env", *env);
  core::read_fields(fields, only);
  return options.make(1)->spec();
}

bool is_positive(const std::string& metric) { return metric.rfind("eval/length", 0) == 0; }

// What a mean of n episodes is worth; of what is positive by the same reach of its logarithm, as
// render::positive_interval.
std::string of_episodes(double mean, double deviation, int64_t n, bool positive) {
  if (n < 3) return "-";  // of two it reaches twelve deviations
  const double reach = render::t_quantile(n - 1) * deviation / std::sqrt(static_cast<double>(n));
  if (positive && mean > 0) {
    const double factor = std::exp(reach / mean);
    return fmt::format("[{}, {}]", render::short_number(mean / factor), render::short_number(mean * factor));
  }
  return fmt::format("[{}, {}]", render::short_number(mean - reach), render::short_number(mean + reach));
}

std::string interval_of(const render::Interval& over) {
  const std::string text = render::short_interval(over);
  const size_t at = text.find('[');
  return at == std::string::npos ? "needs more seeds" : text.substr(at);
}

std::vector<std::string> line_of(const Result& run, const std::string& policy, const std::string& metric,
                                 int64_t episodes) {
  const EvalResult& result = run.by_policy.at(policy);
  const double mean = result.values.at(metric);
  const auto spread = result.deviations.find(metric);
  std::vector<std::string> row{metric, policy, run.seed, render::short_number(mean), "-", "-"};
  if (spread != result.deviations.end()) {
    row[4] = render::short_number(spread->second);
    row[5] = of_episodes(mean, spread->second, episodes, is_positive(metric));
  }
  return row;
}

std::vector<std::string> line_over(const std::vector<Result>& seeds, const std::string& policy,
                                   const std::string& metric) {
  std::vector<double> values;
  for (const Result& run : seeds) values.push_back(run.by_policy.at(policy).values.at(metric));
  const render::Interval over =
      is_positive(metric) ? render::positive_interval(values) : render::mean_interval(values);
  double squares = 0;
  for (const double value : values) squares += (value - over.value) * (value - over.value);
  return {metric,
          policy,
          fmt::format("all {}", values.size()),
          render::short_number(over.value),
          render::short_number(std::sqrt(squares / static_cast<double>(values.size() - 1))),
          interval_of(over)};
}

// "2 of 3" of the seeds are where the environment counts as solved.
void add_solved(Rows& rows, const std::vector<Result>& seeds, double threshold) {
  rows[0].push_back(fmt::format("solved (>= {:g})", threshold));
  for (size_t k = 1; k < rows.size(); ++k) {
    const std::string &metric = rows[k][0], &policy = rows[k][1];
    const bool counts = metric == "eval/return_greedy" || metric == "eval/return_exact";
    const bool all = rows[k][2].starts_with("all ");
    int64_t reach = 0;
    for (const Result& run : seeds)
      if (all || run.seed == rows[k][2]) reach += run.by_policy.at(policy).values.at(metric) >= threshold;
    rows[k].push_back(!counts ? ""
                      : all   ? fmt::format("{} of {}", reach, seeds.size())
                      : reach ? "yes"
                              : "no");
  }
}

// A column in which nobody says anything.
void drop_silent(Rows& rows) {
  for (size_t k = rows[0].size(); k-- > 0;)
    if (std::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) { return row[k] == "-"; }))
      for (auto& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(k));
}

std::string heading(const core::RunFile& run, const std::optional<envs::Spec>& env,
                    const EvalCommand& command) {
  const std::string who = fmt::format("{} ({})", run.attribute("name"), run.attribute("learner"));
  if (!env) return who + ", test data";
  return fmt::format("{} on {}, {} episodes of each policy, from reset({}) on", who, env->id,
                     command.episodes.value_or(usual_episodes), command.seed);
}

// Where the last evaluation was the best one, both checkpoints do the same: one row for both.
std::vector<Result> without_repetition(std::vector<Result> seeds, bool& repeated) {
  repeated = std::all_of(seeds.begin(), seeds.end(), [](const Result& run) {
    const auto& all = run.by_policy;
    return all.size() == 2 && all.at("best").values == all.at("last").values;
  });
  if (repeated)
    for (Result& run : seeds) run.by_policy.erase("last");
  return seeds;
}

}  // namespace

void print_results(std::ostream& out, const std::vector<Result>& all, const EvalCommand& command) {
  bool repeated = false;
  const std::vector<Result> seeds = without_repetition(all, repeated);
  const core::RunFile run(seeds[0].run);
  const std::optional<envs::Spec> env = environment(run);
  Rows rows{{"metric", "checkpoint", "seed", "mean", "deviation", "95 % interval"}};
  const auto& policies = seeds[0].by_policy;
  for (const auto& [metric, value] : policies.begin()->second.values)
    for (const auto& [policy, result] : policies) {
      for (const Result& one : seeds)
        rows.push_back(line_of(one, policy, metric, command.episodes.value_or(usual_episodes)));
      if (seeds.size() > 1) rows.push_back(line_over(seeds, policy, metric));
    }
  if (env && env->reward_threshold) add_solved(rows, seeds, *env->reward_threshold);
  drop_silent(rows);
  out << heading(run, env, command) << (repeated ? "; last.h5 does the same" : "") << "\n\n";
  render::print_table(out, rows);
}

nlohmann::json as_json(const std::vector<Result>& results) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Result& r : results)
    for (const auto& [policy, result] : r.by_policy)
      rows.push_back({{"run", r.run.string()},
                      {"seed", r.seed},
                      {"policy", policy},
                      {"metrics", result.values},
                      {"deviations", result.deviations}});
  return rows;
}

}  // namespace commands
