#include "agents/tabular/tabular_play.h"

#include <algorithm>

#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

static void check_countable(const std::string& agent, const envs::Spec& spec) {
  core::check(spec.observation.is_discrete() && spec.action.is_discrete(),
              "env: {} needs Discrete observations and actions; {} has {} and {}", agent, spec.id,
              spec.observation.str(), spec.action.str());
}

TabularPlay::TabularPlay(const std::string& agent, const envs::Options& env, const TabularOptions& options,
                         size_t tables, training::Build& b)
    : options_(options), env_(env) {
  check_countable(agent, env_.spec());
  actions_ = env_.spec().action.n[0];
  for (size_t k = 0; k < tables; ++k)
    tables_.emplace_back(states(), actions_, options, k == 0 ? "" : "_" + std::to_string(k + 1), b);
  sum_.resize(static_cast<size_t>(actions_));
  b.update("q", {{"td_error", "reward", "Mean magnitude of the temporal-difference errors"}});
  env_.begin(random_, b);
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  register_evaluation(env, b);
}

// [A], what is followed: the sum of all tables.
const double* TabularPlay::summed(int64_t state) const {
  if (tables_.size() == 1) return tables_[0].row(state).data();
  for (size_t a = 0; a < sum_.size(); ++a) sum_[a] = tables_[0].row(state)[a] + tables_[1].row(state)[a];
  return sum_.data();
}

int64_t TabularPlay::choose(int64_t state, MaskRow mask) { return choose_by(summed(state), mask); }

int64_t TabularPlay::choose_by(const double* values, MaskRow mask) {
  const bool explores = random_.random() < epsilon_;
  return explores ? random_possible(actions_, mask, random_) : best_possible(values, actions_, mask);
}

double TabularPlay::expected_value(int64_t state, MaskRow mask) const {
  const double* q = summed(state);
  double sum = 0, possible = 0;
  for (int64_t a = 0; a < actions_; ++a)
    if (!mask || mask[a]) {
      sum += q[a];
      ++possible;
    }
  return (1 - epsilon_) * q[best_possible(q, actions_, mask)] +
         (possible > 0 ? epsilon_ * sum / possible : 0);
}

double TabularPlay::probability(int64_t state, int64_t action, MaskRow mask) const {
  const auto impossible_ones = mask ? std::count(mask, mask + actions_, uint8_t{0}) : 0;
  const auto possible = static_cast<double>(std::max<int64_t>(actions_ - impossible_ones, 1));
  return epsilon_ / possible + (best_possible(summed(state), actions_, mask) == action ? 1 - epsilon_ : 0);
}

TabularPlay::Move TabularPlay::play(int64_t action, training::Step& step) {
  const int64_t from = state();
  const auto [reward, terminated, ended] = env_.play(action, step);
  return {from,       action, reward,
          terminated, ended,  index_at(env_.spec().observation, env_.next_observation())};
}

void TabularPlay::learn(int64_t state, int64_t action, double target, size_t table) {
  error_ += std::abs(tables_[table].learn(state, action, target));
  ++learned_;
}

void TabularPlay::begin(training::Step& step) {
  const EpsilonSchedule& e = options_.exploration;
  epsilon_ = e.at(e.over(step.progress()));
  error_ = 0;
  learned_ = 0;
}

void TabularPlay::report(training::Step& step) {
  step.collected(options_.num_steps);
  if (learned_ > 0) step.updated("q", {{"td_error", error_ / static_cast<double>(learned_)}});
  step.log("train/epsilon", epsilon_);
}

training::PolicyOutput TabularPlay::act(const training::PolicyInput& input, bool greedy,
                                        torch::Generator generator) const {
  const torch::Tensor states = input.observations.cpu();  // [N]
  torch::Tensor q = tables_[0].values().index_select(0, states);
  if (tables_.size() == 2) q = (q + tables_[1].values().index_select(0, states)) / 2;  // [N, A]
  const torch::Tensor best = torch::empty_like(states);
  for (int64_t i = 0; i < states.numel(); ++i)
    best.data_ptr<int64_t>()[i] =
        best_possible(q.data_ptr<double>() + i * actions_, actions_, row_of(input.mask, i));
  const torch::Tensor told = q.to(torch::kFloat32);
  if (greedy) return {.actions = best, .q = told};
  return {.actions = explore(best, input.mask, actions_, options_.exploration.end, generator), .q = told};
}

}  // namespace agents
