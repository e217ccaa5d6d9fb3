// Tables of toy text: every outcome of every state and action.
#include <cmath>
#include <map>
#include <tuple>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using Reached = std::tuple<int64_t, double, bool>;  // next state, reward, done
using ReachedChances = std::map<Reached, double>;   // to probability
using StateAction = std::pair<int64_t, int64_t>;    // state, action

ReachedChances chances(const std::vector<envs::Transition>& outcomes) {
  ReachedChances all;
  for (const auto& o : outcomes) all[{o.next, o.reward, o.terminated}] += o.probability;
  return all;
}

bool equal(const ReachedChances& a, const ReachedChances& b) {
  bool same = true;
  for (const auto& [result, p] : a) same &= std::abs(p - (b.contains(result) ? b.at(result) : 0)) <= 1e-12;
  for (const auto& [result, p] : b) same &= std::abs(p - (a.contains(result) ? a.at(result) : 0)) <= 1e-12;
  return same;
}

}  // namespace

void check_transitions(const GoldenFile& file, const envs::Entry& entry) {
  GoldenFile known = file;  // Gymnasium's P does not know of fickle passengers
  std::erase_if(known.options.members, [](const auto& member) { return member.key == "fickle_passenger"; });
  const auto factory = known.factory(entry);
  const auto own = factory.transitions();
  core::check(own.has_value(), "{}: {} has no table", file.name, entry.name);
  const envs::Transitions& table = *own;
  std::map<StateAction, ReachedChances> recorded;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const auto whole = [&](const char* column) { return int64_t(file.number(row, column)); };
    const int64_t state = whole("state"), action = whole("action");
    if (state < 0 || state >= table.states || action < 0 || action >= table.actions) {
      FAIL_CHECK(file.where(row) << ": there is no state " << state << " or no action " << action);
      continue;
    }
    const Reached result{whole("next_state"), file.number(row, "reward"), whole("done") != 0};
    recorded[{state, action}][result] += file.number(row, "prob");
    if (!(std::abs(table.initial[size_t(state)] - file.number(row, "initial_prob")) <= 1e-12))
      FAIL_CHECK(file.where(row) << ": the first probability of state " << state << " differs");
  }
  for (const auto& [key, expected] : recorded)
    if (!equal(expected, chances(table.of(key.first, key.second))))
      FAIL_CHECK(file.name << ": state " << key.first << ", action " << key.second << " differs");
  INFO(file.name << ": " << table.states << " states of " << table.actions << " actions");
  CHECK(recorded.size() == size_t(table.states * table.actions));
}

}  // namespace tests
