// The learner around one rule of choosing arms:
//
//   struct Rule {
//     static constexpr const char *agent, *title;            // its name, and the sentence of its section
//     static constexpr bool tells_probabilities;             // whether values() are such
//     struct Options { void fields(core::Fields&); };        // beside BanditOptions
//     Rule(int64_t arms, const Options&, training::Build&);  // registers what it learns
//     int64_t choose(core::Pcg64&, double progress) const;   // progress: of the budget, 0 .. 1
//     double learn(int64_t arm, double reward);              // returns how far it was from what was expected
//     std::span<const double> values() const;                // [A], the largest of the arm to rely on
//   };
#pragma once

#include <limits>
#include <optional>

#include "agents/bandits/bandit_play.h"
#include "agents/evaluation.h"
#include "training/loop/table.h"

namespace agents {

template <class Rule>
class BanditAgent final : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    BanditOptions bandit;
    typename Rule::Options own;

    void fields(core::Fields& f) {
      f.tagged("env", env.tagged(), "Environment with one state and Discrete actions");
      f.list_section(
          Rule::agent,
          [this](core::Fields& section) {
            bandit.fields(section);
            own.fields(section);
          },
          Rule::title);
    }
  };

  explicit BanditAgent(Options options) : options_(std::move(options)) {}

  void build(training::Build& b) override {
    play_.emplace(Rule::agent, options_.env, options_.bandit, b);
    rule_.emplace(play_->arms(), options_.own, b);
    b.policy([this](const auto&... x) { return act(x...); });
    register_evaluation(options_.env, b);
  }
  void step(training::Step& step) override { play_->run(*rule_, step); }
  void evaluate(training::Eval& eval) override {
    agents::evaluate(
        options_.env, [this](const auto&... x) { return act(x...); }, eval);
  }

 private:
  // The arm to rely on, or what the rule chooses when its learning is over.
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy,
                             torch::Generator generator) const {
    const std::span<const double> values = rule_->values();
    const int64_t N = input.observations.numel(), A = std::ssize(values);
    const torch::Tensor actions = torch::full({N}, best_possible(values.data(), A, nullptr), torch::kInt64);
    if (!greedy) {
      core::Pcg64 random(static_cast<uint64_t>(
          torch::randint(std::numeric_limits<int64_t>::max(), {1}, generator, torch::kInt64)
              .template item<int64_t>()));
      for (int64_t i = 0; i < N; ++i) actions.template data_ptr<int64_t>()[i] = rule_->choose(random, 1);
    }
    const torch::Tensor told =
        torch::tensor(std::vector<float>(values.begin(), values.end())).repeat({N, 1});  // [N, A]
    training::PolicyOutput acted{.actions = actions};
    (Rule::tells_probabilities ? acted.probabilities : acted.q) = told;
    return acted;
  }

  Options options_;
  std::optional<BanditPlay> play_;
  std::optional<Rule> rule_;
};

}  // namespace agents
