// Tables of toy text: every outcome of every state and action.
#include <cmath>
#include <map>
#include <tuple>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using Result = std::tuple<int64_t, double, bool>;  // next state, reward, done
using Chances = std::map<Result, double>;          // to probability
using Key = std::pair<int64_t, int64_t>;           // state, action

Chances chances(const std::vector<envs::Transition>& outcomes) {
  Chances all;
  for (const auto& o : outcomes) all[{o.next, o.reward, o.terminated}] += o.probability;
  return all;
}

bool equal(const Chances& a, const Chances& b) {
  bool same = true;
  for (const auto& [result, p] : a) same &= std::abs(p - (b.contains(result) ? b.at(result) : 0)) <= 1e-12;
  for (const auto& [result, p] : b) same &= std::abs(p - (a.contains(result) ? a.at(result) : 0)) <= 1e-12;
  return same;
}

}  // namespace

void check_transitions(const GoldenFile& file, const envs::Entry& entry) {
  GoldenFile known = file;  // Gymnasium's P does not know of fickle passengers
  std::erase_if(known.options.members, [](const auto& member) { return member.key == "fickle_passenger"; });
  const auto blueprint = known.blueprint(entry);
  const auto own = blueprint.transitions();
  core::check(own.has_value(), "{}: {} has no table", file.name, entry.name);
  const envs::Transitions& table = *own;
  std::map<Key, Chances> recorded;
  std::map<int64_t, double> first;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const auto whole = [&](const char* column) { return int64_t(file.number(row, column)); };
    const Result result{whole("next_state"), file.number(row, "reward"), whole("done") != 0};
    recorded[{whole("state"), whole("action")}][result] += file.number(row, "prob");
    first[whole("state")] = file.number(row, "initial_prob");
  }
  for (const auto& [key, expected] : recorded) {
    const auto [state, action] = key;
    const bool inside = state >= 0 && state < table.states && action >= 0 && action < table.actions;
    if (!inside || !equal(expected, chances(table.of(state, action))))
      FAIL_CHECK(file.name << ": state " << state << ", action " << action << " differs");
  }
  for (const auto& [state, p] : first)
    if (state < table.states && std::abs(table.initial[size_t(state)] - p) > 1e-12)
      FAIL_CHECK(file.name << ": the first probability of state " << state << " differs");
}

}  // namespace tests
