#include "commands/commands.h"

#include <limits>

namespace commands {

namespace {

constexpr int64_t largest = std::numeric_limits<int64_t>::max();

void declare_run(CLI::App& app, RunCommand& c) {
  CLI::App* run = app.add_subcommand("run", "Train an experiment, or go on with one");
  run->add_option("FILE", c.file, "Experiment file (YAML), or a shipped experiment's name");
  run->add_option("overrides", c.overrides, "key.sub=value: replaces a value of the file");
  run->add_option("--resume", c.resume, "Go on with this run folder, bit for bit");
  run->add_option("--out", c.out, "The run folder itself (with --seeds: OUT/seed-<n>)");
  run->add_flag("--force", c.force, "Replace a run that is in --out already");
  run->add_option("--seeds", c.seeds, "This many seeds, seed .. seed+N-1, side by side on the cores")
      ->check(CLI::Range(int64_t{1}, int64_t{100000}));
  run->add_option("--threads", c.threads, "Threads of tensor operations (train.threads)")
      ->check(CLI::Range(1, 1024));
  run->add_option("--device", c.device, "auto | cpu | cuda (train.device)")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
  run->add_flag("--watch", c.watch, "Open a window beside it that follows the run");
  run->add_flag("--quiet", c.quiet, "Neither progress nor notes");
  run->add_flag("--anomaly", c.anomaly, "Name the operator that makes a NaN (slow)");
  run->add_flag("--validate-only", c.validate_only, "")->group("");
  run->add_option("--from", c.from, "")->group("");
  run->add_option("--typed", c.typed, "")->group("");
  run->add_flag("--progress", c.progress, "")->group("");
}

void declare_check(CLI::App& app, RunCommand& c) {
  CLI::App* check =
      app.add_subcommand("check", "Validate an experiment and run one step of everything; writes nothing");
  check->add_option("FILE", c.file, "Experiment file (YAML), or a shipped experiment's name")->required();
  check->add_option("overrides", c.overrides,
                    "key.sub=value: replaces a value of the file; further files: each is checked so");
}

void declare_eval(CLI::App& app, EvalCommand& c) {
  CLI::App* eval = app.add_subcommand("eval", "Returns (greedy and sampled) or test metrics of trained runs");
  eval->add_option("RUN_DIR", c.runs, "Run folders, or folders of seeds")->required();
  eval->add_option("--policy", c.policy, "best | last; default: both, side by side")
      ->check(CLI::IsMember({"best", "last"}));
  eval->add_option("--episodes", c.episodes, "Agents: episodes of each kind; default: 100")
      ->check(CLI::Range(1, 1000000));
  eval->add_option("--seed", c.seed, "Episode i starts from reset(seed + i)")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, largest));
  eval->add_option(
      "--judge", c.judge,
      "Models of pictures: experiment file of the classifier that judges them, trained on demand");
  eval->add_option(
      "--predictions", c.predictions,
      "Classifiers, one run: CSV file for the class and the probabilities of each test row; precision, "
      "recall and F1 of each class are printed");
  eval->add_flag("--json", c.json, "JSON instead of a table");
}

void declare_sample(CLI::App& app, SampleCommand& c) {
  CLI::App* sample =
      app.add_subcommand("sample", "Pictures (PNG), points (CSV) or text from a trained model");
  sample->add_option("RUN_DIR", c.run, "Run folder")->required();
  sample->add_option("--policy", c.policy, "best | last; default: best, or last where there is no best yet")
      ->check(CLI::IsMember({"best", "last"}));
  sample->add_option("--n", c.n, "How many samples; of a text: how many characters")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  sample->add_option("--class", c.class_name,
                     "Models that were told classes: samples of this one, by its name or number");
  sample->add_option("--prompt", c.prompt, "Language models: the text to go on with");
  sample
      ->add_option("--temperature", c.temperature,
                   "Language models, vae, flow: the lower the surer; 0: the likeliest; default: 1")
      ->check(CLI::Range(0.0, 100.0));
  sample
      ->add_option("--top-k", c.top_k, "Language models: draw among so many likeliest; default, 0: among all")
      ->check(CLI::Range(0, 1000000));
  sample
      ->add_option(
          "--top-p", c.top_p,
          "Language models: draw among the fewest that are so likely together; default, 1: among all")
      ->check(CLI::Range(0.0, 1.0));
  sample->add_option("--seed", c.seed, "Seed of the samples")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, largest));
  sample->add_option(
      "--out", c.out,
      "File; its ending (.png, .csv, .txt) picks what is written, and is added where there is none");
  sample->add_option("--album", c.album, "")->group("");
}

void declare_play(CLI::App& app, PlayCommand& c) {
  CLI::App* play = app.add_subcommand("play", "")->group("");
  play->add_option("RUN_DIR", c.run)->required();
  play->add_option("--policy", c.policy)->check(CLI::IsMember({"best", "last"}));
  play->add_option("--seed", c.seed);
  play->add_option("--out", c.out)->required();
}

void declare_watch(CLI::App& app, WatchCommand& c) {
  CLI::App* watch = app.add_subcommand("watch", "Agents at play, models learning, curves, in a window");
  watch
      ->add_option("RUN_DIR|ENV", c.what,
                   "Run folder, episodes.h5 or the id of an environment, env.key=value after it; two of "
                   "them stand side by side")
      ->required();
  watch
      ->add_option("--policy", c.policy,
                   "best | last | random | heuristic | human plays live; default: what was recorded")
      ->check(CLI::IsMember({"best", "last", "random", "heuristic", "human"}));
  watch->add_option("--tile", c.tile, "COLUMNSxROWS episodes at once, such as 4x4");
  watch->add_option("--metric", c.metric, "Its curve beside the picture, such as eval/return_greedy");
  watch->add_option("--picture", c.picture, "Models: which of their pictures, such as samples");
  watch
      ->add_option("--max-steps", c.max_steps,
                   "Played episodes, frames and films end after so many steps; default: 1000 where the "
                   "environment has no time limit")
      ->check(CLI::Range(int64_t{1}, int64_t{1000000}));
  watch->add_flag("--overlays", c.overlays,
                  "Frames and films too show what the policy thought, rewards and observations");
  watch->add_option("--speed", c.speed, "Times the environment's own")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 50.0));
  watch->add_option("--episode", c.episode, "Number of the recorded episode; default: the newest");
  watch->add_option("--seed", c.seed, "Seed of fresh episodes")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, largest));
  watch->add_option("--frames", c.frames, "Write PNG frames into this folder; needs no display");
  watch->add_option("--record", c.record,
                    "Write a film of the episode, .gif or .mp4; needs no display, but ffmpeg");
  watch->add_option("--svg", c.svg, "Write one frame, that of --step; needs no display");
  watch->add_option("--step", c.step, "Step of --svg; from the end when negative")->capture_default_str();
  watch->add_option("--width", c.width, "Pixels")->capture_default_str()->check(CLI::Range(64, 7680));
  watch->add_option("--height", c.height, "Pixels")->capture_default_str()->check(CLI::Range(64, 4320));
  watch->add_option("--screenshot", c.screenshot, "Save the window as PNG when it closes");
  watch->add_option("--keys", c.keys, "Keys to press from the start, one a frame, as \"space right h\"");
  watch->add_option("--seconds", c.seconds, "Close the window after this time")->check(CLI::Range(0.0, 1e9));
}

void declare_report(CLI::App& app, ReportCommand& c) {
  CLI::App* report = app.add_subcommand("report", "Table and charts of runs, with intervals over seeds");
  report->add_option("RUN_DIR", c.runs, "Run folders, or folders of seeds")->required();
  report->add_option("--out", c.out, "HTML file, self-contained");
  report->add_option("--charts", c.charts, "Folder: every chart as SVG, PNG and PDF");
}

void declare_results(CLI::App& app, ResultsCommand& c) {
  CLI::App* results =
      app.add_subcommand("results", "What finished runs reached of their experiments' targets");
  results->add_option("DIR", c.folders, "Folders that hold runs at any depth")->capture_default_str();
  results->add_option(
      "--out", c.out,
      "Markdown file (.md) for the table; a folder gets results.md in the folder of each experiment");
  results->add_option("--judge", c.judge,
                      "Experiment file of the judge, instead of the one that runs of models name; needed "
                      "where that is none of the shipped");
  results->add_option("--episodes", c.episodes, "Agents: episodes of each checkpoint")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  results->add_option("--seed", c.seed, "Episode i starts from reset(seed + i)")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, largest / 2));
}

void declare_export(CLI::App& app, ExportCommand& c) {
  CLI::App* to = app.add_subcommand("export", "Metrics, pictures or episodes of runs in other formats");
  to->add_option("RUN_DIR", c.runs, "Run folders, or folders of seeds")->required();
  to->add_option("--format", c.format,
                 "csv, tensorboard: metrics (tensorboard: pictures too); minari, d4rl: episodes")
      ->required()
      ->check(CLI::IsMember({"csv", "tensorboard", "minari", "d4rl"}));
  to->add_option("--out", c.out,
                 "csv, d4rl: a file; tensorboard: a folder; minari: the dataset's folder, NAME-v0")
      ->required();
  to->add_option("--metric", c.metrics, "csv, tensorboard: these metrics only");
}

void declare_import(CLI::App& app, ImportCommand& c) {
  CLI::App* from = app.add_subcommand("import", "Episodes of a dataset as an episodes file");
  from->add_option("PATH", c.path, "Folder of a Minari dataset, or a D4RL file")->required();
  from->add_option("--out", c.out, "Episodes file (.h5), which atelier watch plays")->required();
  from->add_option("--env", c.env, "Environment, where the dataset does not say it or means another one");
}

void declare_sweep(CLI::App& app, SweepCommand& c) {
  CLI::App* sweep = app.add_subcommand("sweep", "Many runs of one experiment with other values of its keys");
  sweep->add_option("FILE", c.file, "Sweep file (YAML), or a shipped sweep's name")->required();
  sweep->add_option("--out", c.out, "The sweep's folder; one that was stopped goes on");
  sweep->add_flag("--quiet", c.quiet, "Neither progress nor the table; both are in the folder");
}

void declare_tune(CLI::App& app, TuneCommand& c) {
  CLI::App* tune =
      app.add_subcommand("tune", "Learning-rate range test: the loss at growing rates, and which one suits");
  tune->add_option("WHAT", c.what, "lr")->required()->check(CLI::IsMember({"lr"}));
  tune->add_option("FILE", c.file, "Experiment file (YAML), or a shipped experiment's name")->required();
  tune->add_option("overrides", c.overrides, "key.sub=value: replaces a value of the file");
  tune->add_option("--from", c.from, "The first rate")->capture_default_str()->check(CLI::Range(1e-12, 1e6));
  tune->add_option("--to", c.to, "The last rate, unless the loss diverges before")
      ->capture_default_str()
      ->check(CLI::Range(1e-12, 1e6));
  tune->add_option("--updates", c.updates, "Updates between them, each at its own rate")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{10}, int64_t{1000000}));
  tune->add_option("--out", c.out, "CSV file: rate, loss and smoothed loss of every update");
  tune->add_option("--charts", c.charts, "Folder for lr.svg, lr.png and lr.pdf");
}

void declare_env(CLI::App& app, EnvCommand& c) {
  CLI::App* env = app.add_subcommand("env", "Play an environment without learning");
  env->add_option("ID", c.id, "Environment (see: atelier list envs)")->required();
  env->add_option("overrides", c.overrides, "env.key=value");
  env->add_option("--episodes", c.episodes, "Episodes of each environment")
      ->check(CLI::Range(int64_t{1}, largest));
  env->add_option("--steps", c.steps, "Steps of each environment")->check(CLI::Range(int64_t{1}, largest));
  env->add_option("--max-steps", c.max_steps,
                  "Episodes end after so many steps; default: 1000 where the environment has no time limit, "
                  "with --episodes alone")
      ->check(CLI::Range(int64_t{1}, int64_t{1000000}));
  env->add_option("--seed", c.seed, "Environment i is seeded with seed + i")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, largest));
  env->add_option("--policy", c.policy, "random | heuristic")
      ->capture_default_str()
      ->check(CLI::IsMember({"random", "heuristic"}));
  env->add_option("--actions", c.actions, "Actions to take: CSV with a column action (or a0, a1, ...)");
  env->add_option("--num-envs", c.num_envs, "Environments side by side")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  env->add_option("--precision", c.precision, "exact | fast")->check(CLI::IsMember({"exact", "fast"}));
  env->add_option("--csv", c.csv, "Write every step to this file");
}

void declare_rest(CLI::App& app, Command& c) {
  CLI::App* list = app.add_subcommand("list", "What there is: name<TAB>sentence");
  list->add_option("KIND", c.list, "envs | wrappers | agents | models | data | experiments")
      ->check(CLI::IsMember({"envs", "wrappers", "agents", "models", "data", "experiments"}));
  CLI::App* describe =
      app.add_subcommand("describe", "Every option and metric of a name; the file of an experiment");
  describe
      ->add_option("NAME", c.describe.name,
                   "Environment, wrapper, agent, model, data set, an experiment, or 'experiment': its keys")
      ->required();
  CLI::Option* picture = describe->add_option("--picture", c.describe.picture,
                                              "Data sets: PNG for a picture of twenty rows, or of points in "
                                              "a plane; rows, ranges and classes are printed");
  describe
      ->add_flag("--summary", c.describe.summary,
                 "Experiments: layers, shapes, parameters, memory and operations of the nets that it builds")
      ->excludes(picture);
  describe->add_option("overrides", c.describe.overrides,
                       "With --picture: data.key=value, its options; with --summary: key.sub=value");
  CLI::App* document = app.add_subcommand(
      "document", "Write the pages of all environments, with pictures, and of the rules of diagnosis");
  document->add_option("DIR", c.document, "Folder for environments.md and diagnosis.md")
      ->capture_default_str();
  CLI::App* graph = app.add_subcommand(
      "graph", "Value, slopes and computation graph of an expression, by our own scalar autograd");
  graph->add_option("EXPRESSION", c.graph.expression, "Such as 'relu(w * x + b) ^ 2'")->required();
  graph->add_option("VALUES", c.graph.values, "NAME=NUMBER for each of its variables");
  graph->add_option("--out", c.graph.out, "The picture: .svg, .png, .pdf, or .dot for Graphviz");
  CLI::App* diff = app.add_subcommand("diff", "Compare two runs bit for bit, wall-clock fields aside");
  diff->add_option("RUN_A", c.diff.a, "Run folder")->required();
  diff->add_option("RUN_B", c.diff.b, "Run folder")->required();
  CLI::App* verify = app.add_subcommand("verify", "Whether runs' files hold what was written, by checksums");
  verify->add_option("RUN", c.verify.runs, "Run folders, folders of seeds")->required();
  CLI::App* bench = app.add_subcommand("bench", "Speed tables");
  bench->add_option("NAME", c.bench.name, "Which one (default: all)");
  bench->add_option("ROW", c.bench.row, "Of envs, learning and writing one row, by its name (default: all)");
  bench->add_option("--times", c.bench.times, "Measurements of each of their rows; the middle one is told")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  bench->add_flag("--json", c.bench.json, "JSON instead of a table");
  CLI::App* test = app.add_subcommand("test", "Run the tests");
  test->add_option("NAME", c.test, "A tag, such as golden or envs (default: all)");
  app.add_subcommand("tables", "")->group("")->add_option("FILE", c.tables)->required();
}

}  // namespace

void declare(CLI::App& app, Command& command) {
  app.require_subcommand(1);
  declare_run(app, command.run);
  declare_check(app, command.run);
  declare_eval(app, command.eval);
  declare_sample(app, command.sample);
  declare_play(app, command.play);
  declare_watch(app, command.watch);
  declare_report(app, command.report);
  declare_results(app, command.results);
  declare_tune(app, command.tune);
  declare_env(app, command.env);
  declare_export(app, command.to);
  declare_import(app, command.from);
  declare_sweep(app, command.sweep);
  declare_rest(app, command);
}

}  // namespace commands
