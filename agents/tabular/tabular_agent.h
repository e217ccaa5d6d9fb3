// The learner around one rule of learning, for the agents whose tables learn from what they play. A rule
// reads like its equation:
//
//   struct Rule {
//     static constexpr const char *agent, *title;  // its name, and the sentence of its section
//     static constexpr size_t tables = 1;          // of action values
//     struct Options { void fields(core::Fields&); };       // beside TabularOptions; NoOptions: none
//     Rule(TabularPlay&, const Options&, training::Build&); // registers what it keeps beside the tables
//     void learn_one(training::Step&);             // plays one move, and learns what can be learned then
//   };
#pragma once

#include <optional>

#include "agents/evaluation.h"
#include "agents/tabular/tabular_play.h"
#include "training/loop/table.h"

namespace agents {

struct NoOptions {
  void fields(core::Fields&) {}
};

// A rule may have `static TabularOptions defaults()` of its own.
template <class Rule>
TabularOptions defaults_of() {
  if constexpr (requires { Rule::defaults(); })
    return Rule::defaults();
  else
    return {};
}

template <class Rule>
class TabularAgent final : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    TabularOptions table = defaults_of<Rule>();
    typename Rule::Options own;

    void fields(core::Fields& f) {
      f.tagged("env", env.tagged(), "Environment with Discrete observations and actions");
      f.list_section(
          Rule::agent,
          [this](core::Fields& section) {
            table.fields(section);
            own.fields(section);
          },
          Rule::title);
    }
  };

  explicit TabularAgent(Options options) : options_(std::move(options)) {}

  void build(training::Build& build) override {
    play_.emplace(Rule::agent, options_.env, options_.table, Rule::tables, build);
    rule_.emplace(*play_, options_.own, build);
  }
  void step(training::Step& step) override {
    play_->run(step, [&] { rule_->learn_one(step); });
  }
  void evaluate(training::Eval& eval) override {
    agents::evaluate(
        options_.env, [this](const auto&... x) { return play_->act(x...); }, eval);
  }

 private:
  Options options_;
  std::optional<TabularPlay> play_;
  std::optional<Rule> rule_;
};

}  // namespace agents
