// What the agents share that are told the whole table of transitions: the values of its states, and the
// actions that are best by them (Sutton & Barto 2018, chapter 4).
#pragma once

#include <string>

#include "agents/tabular/state_table.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

struct KnownTableOptions {
  envs::Options env;
  double gamma = 0.99;

  // env, and the section of this name.
  void fields(core::Fields& f, const std::string& agent, const std::string& title);
};

class KnownTable {
 public:
  // Registers the values, the policy and how it is evaluated. Error, which names `agent`, where the
  // environment is no table.
  KnownTable(const std::string& agent, const KnownTableOptions& options, training::Build& build);

  const envs::Transitions& table() const { return table_; }
  std::span<double> values() const { return values_->cells(); }  // [S]
  double gamma() const { return gamma_; }
  void log_start_value(training::Step& step) const;
  void evaluate(const envs::Options& env, training::Eval& eval) const;

 private:
  training::PolicyOutput act(const training::PolicyInput& input) const;

  envs::Transitions table_;
  double gamma_;
  StateTable values_{nullptr};  // [S]
};

}  // namespace agents
