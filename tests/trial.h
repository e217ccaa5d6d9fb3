// A learner from YAML, driven by hand: what the tests of single learners need of the trainer, and no more.
#pragma once

#include <map>
#include <string>

#include "core/value.h"
#include "training/loop/session.h"

namespace trial {

// `table`: agents or models, whichever the YAML asks for.
inline training::Session session(const std::string& yaml, const core::Table<training::Entry>& table,
                                 const std::vector<std::string>& overrides = {}) {
  core::Value root = core::parse_yaml(yaml, "trial.yaml");
  for (const auto& assignment : overrides) core::apply_override(root, assignment);
  auto experiment = training::read_experiment(root, {table, table}, "trial");
  const training::Entry& entry = table.at(experiment.learner);
  return {std::move(experiment), entry};
}

inline void learn(training::Session& session) {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  while (session.progress() < 1) session.step(silent);
}

// What evaluate() logs, of the test part.
inline std::map<std::string, double> grades(training::Session& session, uint64_t seed = 1) {
  std::map<std::string, double> logged;
  training::Eval::Request request;
  request.seed = seed;
  request.split = training::Split::test;
  session.evaluate(request, {[&](const std::string& metric, double value) { logged[metric] = value; }, {}});
  return logged;
}

// The same after training to the end of the budget.
inline std::map<std::string, double> grades_after_learning(const std::string& yaml,
                                                           const core::Table<training::Entry>& models,
                                                           const std::vector<std::string>& overrides = {}) {
  auto run = session(yaml, models, overrides);
  learn(run);
  return grades(run);
}

}  // namespace trial
