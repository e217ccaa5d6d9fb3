#include "commands/evaluate.h"

#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands/catalog.h"
#include "commands/judge.h"
#include "core/error.h"
#include "core/path.h"
#include "core/run_folder.h"
#include "envs/all.h"
#include "render/draw.h"
#include "render/png.h"
#include "render/statistics.h"
#include "training/loop/recorder.h"

namespace commands {

Values evaluate_checkpoint(const std::filesystem::path& run, const std::string& policy, const Exam& exam) {
  training::Session session = trained_session(run, policy, training::Purpose::grading);
  Values values;
  const training::Report report{[&](const std::string& metric, double value) { values[metric] = value; },
                                nullptr};
  session.evaluate({.seed = exam.seed, .episodes = exam.episodes, .split = training::Split::test}, report);
  if (exam.judge) values.merge(judged(*exam.judge, session, exam.seed));
  return values;
}

namespace {

// The return at which the run's environment counts as solved.
std::optional<double> threshold(const core::RunFile& run) {
  const core::Value config = core::parse_yaml(run.config(), "config");
  const core::Value* env = config.find("env");
  if (!env) return std::nullopt;
  envs::Options options;
  core::Fields fields;
  fields.chosen("env", options.chosen(), "");
  core::Value only = core::Value::map();
  only.set("env", *env);
  core::read_fields(fields, only);
  return options.make(1)->spec().reward_threshold;
}

struct Result {
  std::filesystem::path run;
  std::string seed;
  std::map<std::string, Values> by_policy;
};

void print_summary(const std::vector<Result>& results, const std::string& policy, const std::string& metric,
                   std::optional<double> solved) {
  std::vector<double> values;
  for (const Result& r : results) values.push_back(r.by_policy.at(policy).at(metric));
  const render::Interval over = render::mean_interval(values);
  std::cout << fmt::format("{} {}: mean {:.2f}", policy, metric, over.value);
  if (values.size() > 1)
    std::cout << fmt::format(" [{:.2f}, {:.2f}] (95 % interval over {} seeds)", over.low, over.high,
                             values.size());
  if (solved && (metric == "eval/return_greedy" || metric == "eval/return_exact"))
    std::cout << fmt::format(
        "; {} of {} reach {:g}",
        std::count_if(values.begin(), values.end(), [&](double v) { return v >= *solved; }), values.size(),
        *solved);
  std::cout << '\n';
}

void print_table(const std::vector<Result>& results, const std::vector<std::string>& policies,
                 std::optional<double> solved) {
  std::vector<std::string> metrics;
  for (const auto& [metric, value] : results[0].by_policy.at(policies[0])) metrics.push_back(metric);
  for (const auto& metric : metrics) {
    std::cout << fmt::format("\n{:<24}", metric);
    for (const auto& policy : policies) std::cout << fmt::format("{:>12}", policy);
    std::cout << '\n';
    for (const Result& r : results) {
      std::cout << fmt::format("  seed {:<17}", r.seed);
      for (const auto& policy : policies)
        std::cout << fmt::format("{:>12.4f}", r.by_policy.at(policy).at(metric));
      std::cout << '\n';
    }
    for (const auto& policy : policies) print_summary(results, policy, metric, solved);
  }
}

nlohmann::json as_json(const std::vector<Result>& results) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Result& r : results)
    for (const auto& [policy, values] : r.by_policy)
      rows.push_back({{"run", r.run.string()}, {"seed", r.seed}, {"policy", policy}, {"metrics", values}});
  return rows;
}

}  // namespace

static void check_comparable(const Result& result, const std::vector<Result>& others,
                             const std::string& policy) {
  if (others.empty()) return;
  const auto names = [&](const Result& r) {
    std::vector<std::string> all;
    for (const auto& [metric, value] : r.by_policy.at(policy)) all.push_back(metric);
    return all;
  };
  core::check(names(result) == names(others[0]), "{} and {} log different metrics; evaluate them apart",
              others[0].run.string(), result.run.string());
}

int eval(const EvalCommand& command) {
  core::check(command.episodes - 1 <= std::numeric_limits<int64_t>::max() - command.seed,
              "--seed {}: seeds end at 2^63 - 1, and there are {} episodes", command.seed, command.episodes);
  std::vector<std::filesystem::path> runs;
  for (const auto& path : command.runs)
    for (auto& run : core::find_runs(path)) runs.push_back(std::move(run));
  std::vector<std::string> policies{command.policy};
  const auto has_best = [](const auto& run) { return std::filesystem::exists(run / "best.h5"); };
  if (command.policy.empty()) policies = {"best", "last"};
  if (command.policy.empty() && !std::all_of(runs.begin(), runs.end(), has_best)) policies = {"last"};
  std::optional<Judge> judge;
  if (!command.judge.empty()) judge.emplace(load_judge(command.judge));
  const Exam exam{command.episodes, static_cast<uint64_t>(command.seed), judge ? &*judge : nullptr};
  std::vector<Result> results;
  for (const auto& run : runs) {
    Result result{run, core::RunFile(run).attribute("seed"), {}};
    for (const auto& policy : policies) result.by_policy[policy] = evaluate_checkpoint(run, policy, exam);
    check_comparable(result, results, policies[0]);
    results.push_back(std::move(result));
  }
  if (command.json)
    std::cout << as_json(results).dump(2) << '\n';
  else
    print_table(results, policies, threshold(core::RunFile(runs[0])));
  return 0;
}

static void write_points(const core::Picture& picture, const std::filesystem::path& file) {
  std::ofstream out(file);
  out << "x,y\n";
  for (size_t i = 0; i + 1 < picture.data.size(); i += 2)
    out << fmt::format("{},{}\n", picture.data[i], picture.data[i + 1]);
  core::check(out.good(), "{}: cannot be written", file.string());
}

static bool is_text(const core::Picture& picture) { return picture.kind == core::Picture::Kind::text; }

// The user's own ending where it says the same, such as .PNG.
static std::filesystem::path ending_in(std::filesystem::path file, const std::string& ending) {
  return core::ending(file) == ending ? file : file.replace_extension(ending);
}

static std::filesystem::path write_picture(const core::Picture& picture, const std::filesystem::path& file,
                                           bool csv) {
  const bool points = csv && picture.kind == core::Picture::Kind::points;
  const std::filesystem::path named = ending_in(file, is_text(picture) ? ".txt" : points ? ".csv" : ".png");
  if (is_text(picture))
    std::ofstream(named) << picture.text;
  else if (points)
    write_points(picture, named);
  else
    render::write_png(render::draw(picture), named);
  return named;
}

// The picture called like the file, or the first one of a kind that the ending can hold.
static const core::Picture& choose(const core::Gallery& gallery, const std::filesystem::path& file) {
  const bool csv = core::ending(file) == ".csv";
  for (const auto& picture : gallery.pictures)
    if (picture.name == file.stem()) return picture;
  for (const auto& picture : gallery.pictures)
    if (!csv || picture.kind == core::Picture::Kind::points) return picture;
  core::fail("{}: this model samples no points to write as CSV", file.string());
}

// The pictures as a run of their own, which a viewer opens as it opens any other.
static void write_album(training::Session& session, const SampleCommand& command) {
  const core::Gallery gallery = session.sample(command.n, static_cast<uint64_t>(command.seed));
  auto recorder = training::Recorder::create(command.album, session, facts(session, "atelier sample"),
                                             training::resolved(session.experiment), render::draw);
  recorder.pictures(gallery, session.counters);
  recorder.finish("finished");
}

int sample(const SampleCommand& command) {
  const std::filesystem::path run = core::find_run(command.run);
  const std::string checkpoint = core::held_checkpoint(run, command.policy);
  if (const std::string words = core::instead_of(run, command.policy, checkpoint); !words.empty())
    std::cerr << words << '\n';
  // A text needs weights alone; pictures may show held-out rows.
  const bool text = command.out.empty() || core::ending(command.out) == ".txt";
  training::Session session =
      trained_session(run, checkpoint, text ? training::Purpose::using_weights : training::Purpose::grading);
  core::check(session.experiment.kind == "model", "{}: is an agent; see it play with: atelier watch {}",
              command.run, command.run);
  if (!command.album.empty()) return write_album(session, command), 0;
  const core::Gallery gallery = session.sample(command.n, static_cast<uint64_t>(command.seed),
                                               {command.prompt, command.temperature, command.top_k});
  core::check(!gallery.pictures.empty(), "{}: model '{}' has nothing to show", command.run,
              session.experiment.learner);
  const bool writes = std::any_of(gallery.pictures.begin(), gallery.pictures.end(), is_text);
  core::check(command.prompt.empty() || writes, "--prompt: model '{}' writes no text",
              session.experiment.learner);
  if (!command.out.empty()) {
    const std::string ending = core::ending(command.out);
    core::check(ending == ".png" || ending == ".csv" || ending == ".txt",
                "--out {}: expected an ending .png, .csv or .txt", command.out);
    std::cout << write_picture(choose(gallery, command.out), command.out, ending == ".csv").string() << '\n';
    return 0;
  }
  for (const auto& picture : gallery.pictures) {
    if (writes && !is_text(picture)) continue;  // a text alone can be piped; --out NAME.png has the others
    std::cout << (is_text(picture) ? picture.text
                                   : write_picture(picture, run / ("sample_" + picture.name), true).string())
              << '\n';
  }
  return 0;
}

}  // namespace commands
