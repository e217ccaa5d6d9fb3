#include "commands/evaluate.h"

#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands/catalog.h"
#include "commands/eval_table.h"
#include "commands/judge.h"
#include "commands/places.h"
#include "commands/predictions.h"
#include "core/error.h"
#include "core/path.h"
#include "core/run_folder.h"
#include "core/shell.h"
#include "core/shown.h"
#include "core/whole_file.h"
#include "render/draw.h"
#include "render/png.h"
#include "training/loop/recorder.h"

namespace commands {

EvalResult evaluate_checkpoint(const std::filesystem::path& run, const std::string& policy,
                               const EvalSettings& settings) {
  core::check(policy != "best" || std::filesystem::exists(run / "best.h5"),
              "{}: has no best.h5, for it was stopped before its first evaluation; --policy last grades what "
              "there is",
              run.string());
  training::Session session = trained_session(run, policy, training::Purpose::evaluation);
  EvalResult result;
  training::Logger logger{[&](const std::string& metric, double value) { result.values[metric] = value; },
                          nullptr};
  logger.deviation = [&](const std::string& metric, double d) { result.deviations[metric] = d; };
  session.evaluate({.seed = settings.seed, .episodes = settings.episodes, .split = training::Split::test},
                   logger);
  if (settings.judge) result.values.merge(judged(*settings.judge, session, settings.seed));
  return result;
}

namespace {

// Runs of one experiment, whose configs differ in the seed alone.
using Group = std::vector<std::filesystem::path>;

std::vector<Group> groups_of(const std::vector<std::string>& paths) {
  std::map<std::string, size_t> known;
  std::vector<Group> groups;
  for (auto& run : readable_runs(paths, {"best.h5", "last.h5"})) {
    const core::RunFile file(run);
    core::Value config = core::parse_yaml(file.config(), run.string() + "/run.h5: /config");
    std::erase_if(config.members, [](const auto& member) { return member.key == "seed"; });
    const auto [at, fresh] = known.emplace(core::to_yaml(config), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(std::move(run));
  }
  return groups;
}

bool is_agent(const Group& group) { return core::RunFile(group[0]).attribute("kind") == "agent"; }

// Which checkpoints are graded: best.h5 and last.h5, where nothing was asked for and all runs have both.
std::vector<std::string> graded(const Group& runs, const std::string& asked) {
  if (!asked.empty()) return {asked};
  const auto has_best = [](const auto& run) { return std::filesystem::exists(run / "best.h5"); };
  const auto without = std::find_if_not(runs.begin(), runs.end(), has_best);
  if (without == runs.end()) return {"best", "last"};
  const std::string held = core::held_checkpoint(*without);
  std::cerr << fmt::format("note: {}: has no best.h5, so {}.h5 alone is graded\n", without->string(), held);
  return {held};
}

std::vector<Result> evaluate_runs(const Group& runs, const std::string& asked, const EvalSettings& settings) {
  const std::vector<std::string> policies = graded(runs, asked);
  std::vector<Result> results;
  for (const auto& run : runs) {
    Result result{run, core::RunFile(run).attribute("seed"), {}};
    for (const auto& policy : policies) result.by_policy[policy] = evaluate_checkpoint(run, policy, settings);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

// Said before anything is graded.
static void check_predictions(const std::vector<Group>& groups, const EvalCommand& command) {
  if (command.predictions.empty()) return;
  core::check_ending(command.predictions, "--predictions", ".csv");
  core::check(!command.json, "--predictions: expected a table, found --json");
  size_t runs = 0;
  for (const Group& group : groups) runs += group.size();
  core::check(runs == 1, "--predictions: expected one run, found {}", runs);
}

// By the checkpoint that is asked for, or the best.
static void predict(const Group& group, const EvalCommand& command) {
  if (command.predictions.empty()) return;
  const std::string policy = command.policy.empty() ? graded(group, "")[0] : command.policy;
  write_predictions(group[0], policy, command.predictions, std::cout);
}

int eval(const EvalCommand& command) {
  const int64_t episodes = command.episodes.value_or(usual_episodes);
  core::check(episodes - 1 <= std::numeric_limits<int64_t>::max() - command.seed,
              "--seed {}: seeds end at 2^63 - 1, and there are {} episodes", command.seed, episodes);
  const std::vector<Group> groups = groups_of(command.runs);
  core::check(!command.episodes || std::any_of(groups.begin(), groups.end(), is_agent),
              "--episodes: {} plays none, it is a model; all its test data are taken", command.runs[0]);
  check_predictions(groups, command);
  std::optional<Judge> judge;
  if (!command.judge.empty()) judge.emplace(load_judge(command.judge));
  const EvalSettings settings{episodes, static_cast<uint64_t>(command.seed), judge ? &*judge : nullptr};
  std::vector<Result> all;
  for (const Group& group : groups) {
    const std::vector<Result> results = evaluate_runs(group, command.policy, settings);
    all.insert(all.end(), results.begin(), results.end());
    if (command.json) continue;
    if (&group != &groups.front()) std::cout << '\n';
    print_results(std::cout, results, command);
  }
  predict(groups.front(), command);
  if (command.json)
    std::cout << as_json(all).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  return 0;
}

static void write_points(const core::Picture& picture, const std::filesystem::path& file) {
  const auto& classes = picture.classes;
  std::string lines = classes.empty() ? "x,y\n" : "x,y,class\n";
  for (size_t i = 0; 2 * i + 1 < picture.data.size(); ++i) {
    lines += fmt::format("{},{}", picture.data[2 * i], picture.data[2 * i + 1]);
    lines += classes.empty() ? "\n" : fmt::format(",{}\n", classes[i]);
  }
  core::write_whole(file, lines);
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
    core::write_whole(named, picture.text);
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

// A text needs weights alone; pictures may show held-out rows, where there are some.
static training::Session sampled_session(const std::filesystem::path& run, const std::string& checkpoint,
                                         const SampleCommand& command) {
  const bool text = command.out.empty() || std::filesystem::path(command.out).extension() == ".txt";
  try {
    if (!text) return trained_session(run, checkpoint, training::Purpose::evaluation);
  } catch (const core::Error&) {  // what is missing beside the data is missing in the second attempt, too
  }
  return trained_session(run, checkpoint, training::Purpose::inference);
}

static core::Request request_of(const SampleCommand& command) {
  core::Request request{.class_name = command.class_name,
                        .temperature = command.temperature,
                        .top_k = command.top_k,
                        .top_p = command.top_p};
  if (!command.prompt.empty()) request.prompt = command.prompt;
  return request;
}

// A wish that the model has not looked at is one that it does not know.
static void check_heeded(const core::Request& request, const std::string& model) {
  const auto check = [&](bool ignored, const char* option, const char* words) {
    core::check(!ignored, "{}: model '{}' {}", option, model, words);
  };
  check(request.class_name.ignored(), "--class", "was not told of classes while it learned");
  check(request.prompt.ignored(), "--prompt", "writes no text");
  check(request.temperature.ignored(), "--temperature", "draws at no temperature");
  check(request.top_k.ignored(), "--top-k", "writes no text");
  check(request.top_p.ignored(), "--top-p", "writes no text");
}

int sample(const SampleCommand& command) {
  const std::filesystem::path run = core::find_run(command.run);
  if (const std::string words = core::choice_of_run(command.run, run); !words.empty())
    std::cerr << core::shown(words) << '\n';
  const std::string checkpoint = core::held_checkpoint(run, command.policy);
  if (const std::string words = core::instead_of(run, command.policy, checkpoint); !words.empty())
    std::cerr << words << '\n';
  training::Session session = sampled_session(run, checkpoint, command);
  core::check(session.experiment.kind == "model", "{}: is an agent; see it play with: atelier watch {}",
              run.string(), core::shell_path(run));
  for (const std::string& note : session.registry.notes) std::cerr << "note: " << note << '\n';
  if (!command.album.empty()) {
    write_album(session, command);
    return 0;
  }
  const core::Gallery gallery =
      session.sample(command.n, static_cast<uint64_t>(command.seed), request_of(command));
  core::check(!gallery.pictures.empty(), "{}: model '{}' has nothing to show", command.run,
              session.experiment.learner);
  const bool writes = std::any_of(gallery.pictures.begin(), gallery.pictures.end(), is_text);
  check_heeded(gallery.request, session.experiment.learner);
  if (!command.out.empty()) {
    const std::string ending = core::ending(command.out);
    core::check(ending.empty() || ending == ".png" || ending == ".csv" || ending == ".txt",
                "--out {}: expected an ending .png, .csv or .txt, or none", command.out);
    const bool as_csv = ending.empty() || ending == ".csv";  // of points
    std::cout << write_picture(choose(gallery, command.out), command.out, as_csv).string() << '\n';
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
