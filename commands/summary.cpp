#include "commands/summary.h"

#include <fmt/ranges.h>

#include <iostream>
#include <set>

#include "commands/catalog.h"
#include "commands/run.h"
#include "core/memory.h"
#include "render/text_table.h"
#include "training/loop/summary.h"

namespace commands {
namespace {

// "669,706"
std::string grouped(double count) {
  std::string digits = fmt::format("{:.0f}", count);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string bytes(double count) { return core::print_bytes(static_cast<uint64_t>(count)); }

void print_layers(const training::NetSummary& summary) {
  const bool batches = summary.rows > 1;
  std::vector<std::vector<std::string>> rows{
      {"layer", "operation", "output", "parameters", "FLOPs", batches ? "per batch" : "per row"}};
  for (const auto& layer : summary.layers)
    rows.push_back({layer.name + (layer.learned || summary.learned == 0 ? "" : " (a copy)"),
                    layer.operation.empty() ? "-" : layer.operation,
                    layer.operation.empty() ? "-" : fmt::format("[{}]", fmt::join(layer.shape, ", ")),
                    grouped(double(layer.parameters)), grouped(layer.flops), bytes(layer.outputs)});
  if (rows.size() == 1) return;  // no nets: tables and counts
  render::print_table(std::cout, rows);
  std::cout << '\n';
}

void print_totals(const training::NetSummary& s, const std::string& optimisers) {
  const std::string learned =
      s.learned == 0 ? "" : fmt::format(", of which {} are learned", grouped(double(s.learned)));
  const std::string rows = s.rows > 1 ? fmt::format("a batch of {} rows", s.rows) : "a row";
  std::cout << fmt::format("parameters  {}{}\n", grouped(double(s.parameters)), learned);
  const std::string learning = s.learned == 0 ? "" : "; learning by it takes about three times as many";
  if (s.flops > 0)
    std::cout << fmt::format("FLOPs       {} forward for one row, products alone{}\n", grouped(s.flops),
                             learning);
  std::cout << fmt::format(
      "memory      {}: weights {}, gradient {}, state of the optimiser{} {}, averaged weights {}, tables {}, "
      "outputs of the layers for {} {}\n",
      bytes(s.memory()), bytes(s.weights), bytes(s.gradient), optimisers, bytes(s.state), bytes(s.average),
      bytes(s.tables), rows, bytes(s.outputs));
}

// " (adam)"; of several each once.
std::string optimisers_of(training::Session& session) {
  std::set<std::string> algorithms;
  for (auto& [name, group] : session.updater.groups()) algorithms.insert(group.optimizer.options().algorithm);
  return algorithms.empty() ? "" : fmt::format(" ({})", fmt::join(algorithms, ", "));
}

// Our own autograd has the same layers, and LibTorch alone tells of them.
RunCommand by_libtorch(const RunCommand& command) {
  RunCommand own = command;
  training::Experiment asked = load_experiment(command);
  const core::Value tree = core::write_options(asked);
  const core::Value* options = tree.find(asked.learner);
  if (options && options->find("backend")) own.overrides.push_back(asked.learner + ".backend=libtorch");
  return own;
}

}  // namespace

int show_summary(const ShowCommand& command) {
  RunCommand asked;
  asked.file = command.name;
  asked.overrides = command.overrides;
  training::Session session = build_session(load_experiment(by_libtorch(asked)));
  start_from(session);
  const training::NetSummary summary = training::summarise(session);
  std::cout << fmt::format("{} ({} {})\n\n", session.experiment.name, session.experiment.kind,
                           session.experiment.learner);
  print_layers(summary);
  print_totals(summary, optimisers_of(session));
  return 0;
}

}  // namespace commands
