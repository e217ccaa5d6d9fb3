// The command line, declared once for both programs: the front one (no LibTorch) and its sibling, which it
// starts for whatever needs LibTorch.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace commands {

struct RunCommand {
  std::string file;
  std::vector<std::string> overrides;  // key.sub=value
  std::string resume, out, device;
  std::string from;       // the folder that paths of overrides are relative to
  std::string typed;      // what a person has typed, where a program started this
  bool progress = false;  // tells how far it is, for whoever started it
  bool inner = false;     // a part of another command, whose stdout is its own
  bool force = false, quiet = false, anomaly = false, watch = false, validate_only = false;
  int64_t seeds = 0, threads = 0;
};
inline constexpr int64_t usual_episodes = 100;

struct EvalCommand {
  std::vector<std::string> runs;
  std::string policy;               // best, last, or both when empty
  std::string judge;                // experiment file of a classifier, or empty
  std::string predictions;          // file of a classifier's answers to each test row, or empty
  std::optional<int64_t> episodes;  // of agents: usual_episodes
  int64_t seed = 1000000;
  bool json = false;
};
struct SampleCommand {
  std::string run, policy, out, prompt;  // policy: best, or last where there is no best
  std::optional<std::string> class_name;
  std::string album;  // folder of a run that holds the pictures alone: for watch
  int64_t n = 64, seed = 0;
  std::optional<int64_t> top_k;       // all
  std::optional<double> temperature;  // 1
  std::optional<double> top_p;        // all
};
struct PlayCommand {  // started by watch, not by people
  std::string run, policy = "best", out;
  int64_t seed = 1000000;
};
struct WatchCommand {
  std::vector<std::string> what;  // one or two, each environment with its env.key=value after it
  std::string policy, tile, metric, picture, frames, record, svg;
  std::optional<int64_t> max_steps;
  int64_t episode = -1, step = 0, seed = 0, width = 800, height = 600;
  double speed = 1;
  bool overlays = false;
  std::string screenshot, keys;
  double seconds = 0;
};
struct ReportCommand {
  std::vector<std::string> runs;
  std::string out, charts;
};
struct ResultsCommand {
  std::vector<std::string> folders{"runs"};
  std::string out, judge;
  int64_t episodes = usual_episodes, seed = 1000000;
};
struct VerifyCommand {
  std::vector<std::string> runs;
};
struct DiffCommand {
  std::string a, b;
};
struct ExportCommand {
  std::vector<std::string> runs, metrics;
  std::string format, out;
};
struct ImportCommand {
  std::string path, out, env;
};
struct SweepCommand {
  std::string file, out;
  bool quiet = false;
};
struct EnvCommand {
  std::string id, policy = "random", actions, precision, csv;
  std::vector<std::string> overrides;
  std::optional<int64_t> max_steps;
  int64_t episodes = 0, steps = 0, seed = 0, num_envs = 1;
};
struct GraphCommand {
  std::string expression, out;
  std::vector<std::string> values;  // NAME=NUMBER
};
struct BenchCommand {
  std::string name, row;
  int64_t times = 5;
  bool json = false;
};
struct TuneCommand {
  std::string what, file, charts, out;
  std::vector<std::string> overrides;
  double from = 1e-6, to = 10;
  int64_t updates = 200;
};
struct ShowCommand {  // of describe
  std::string name, picture;
  std::vector<std::string> overrides;
  bool summary = false;
};
struct Command {
  RunCommand run;
  EvalCommand eval;
  SampleCommand sample;
  PlayCommand play;
  WatchCommand watch;
  ReportCommand report;
  ResultsCommand results;
  DiffCommand diff;
  VerifyCommand verify;
  EnvCommand env;
  ExportCommand to;
  ImportCommand from;
  SweepCommand sweep;
  GraphCommand graph;
  BenchCommand bench;
  TuneCommand tune;
  ShowCommand describe;
  std::string list, document = "docs", test, tables;
};

// Adds every subcommand to `app`; what is parsed lands in `command`.
void declare(CLI::App& app, Command& command);

}  // namespace commands
