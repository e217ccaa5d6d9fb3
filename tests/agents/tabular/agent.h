// A tabular agent from YAML, and what it has learned beside the exact values of its environment's table.
#pragma once

#include <string>
#include <vector>

#include "agents/all.h"
#include "agents/exact.h"
#include "envs/all.h"
#include "tests/trial.h"

namespace tests::tabular {

inline training::Session agent(const std::string& yaml) { return trial::session(yaml, agents::all()); }
inline training::Session trained(const std::string& yaml) {
  training::Session session = agent(yaml);
  trial::learn(session);
  return session;
}

// The transitions of `env: ...`.
inline envs::Transitions table_of(const std::string& env) {
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::read_fields(fields, core::parse_yaml("env: " + env, "env"));
  return *options.transitions();
}

// A registered tensor by its whole name, such as "q/values".
inline torch::Tensor tensor(const training::Session& session, const std::string& name) {
  for (const auto& [known, value] : session.registry.tensors())
    if (known == name) return value;
  throw core::Error("no tensor " + name);
}

// What the agent does in each state, greedily.
inline agents::StatePolicy greedy(const training::Session& session, int64_t states) {
  const torch::Tensor actions =
      session.registry.act({torch::arange(states, torch::kInt64)}, true, {}).actions.contiguous();
  return {actions.data_ptr<int64_t>(), actions.data_ptr<int64_t>() + states};
}

}  // namespace tests::tabular
