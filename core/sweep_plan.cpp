#include "core/sweep_plan.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/error.h"
#include "core/nearest.h"
#include "core/path.h"
#include "core/random.h"
#include "core/shell.h"
#include "core/value.h"

namespace core {

static constexpr int64_t most_trials = 10000;

void SweepRange::fields(Fields& f) {
  f.add("min", min, "Lowest value");
  f.add("max", max, "Highest value");
  f.choice("scale", scale, "Whether values or their logarithms are drawn evenly", {"linear", "log"});
  f.add("whole", whole, "Draw whole numbers");
}

void Halving::fields(Fields& f) {
  f.choice("unit", unit, "What the budgets count", {"steps", "epochs", "samples", "env_steps"});
  f.add("budgets", budgets, "Budget of every rung, each longer than the one before",
        {.min = 0, .above = true});
  f.add("keep", keep, "Share of the trials, rounded and at least one, that goes on to the next rung",
        {.min = 0, .max = 1, .above = true});
}

size_t Halving::kept(size_t trials) const {
  return std::max<size_t>(1, static_cast<size_t>(std::llround(keep * static_cast<double>(trials))));
}

void SweepPlan::fields(Fields& f) {
  f.add("name", name, "Name of the sweep's folder; default: the file's name");
  f.add("experiment", experiment, "Experiment file whose keys are varied");
  f.choice("method", method,
           "Every combination; each key alone, the others at their first value, with every seed; drawn "
           "combinations; or drawn ones of which ever fewer train ever longer",
           {"grid", "ablation", "random", "halving"});
  f.add("trials", trials, "Random and halving: how many are drawn", {.min = 1, .max = most_trials});
  f.add("seed", seed, "Seed of the draws", {.min = 0});
  f.section("halving", halving, "Rungs of the method halving");
}

namespace {

// Flow text of a value, as the command line takes it: quoted and escaped where it must be.
std::string flow_text(const Value& value) {
  check(!value.is_map(), "{}expected a number, a word or a list of them, found a map", value.source.str());
  std::string text = to_yaml(value);
  text.pop_back();  // its line end
  return text;
}

// No option of the command that is to take it.
bool is_key(const std::string& name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; };
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), fits);
}

SweepKey read_key(const Value::Member& member, const std::string& method) {
  const std::string where = member.source.str();
  check(is_key(member.key), "{}keys.{}: expected a key of an experiment, as in optim.lr", where, member.key);
  SweepKey key{member.key, member.source, {}, {}};
  if (member.value.is_map()) {
    check(method != "grid" && method != "ablation", "{}keys.{}: {} takes a list of values, found a range",
          where, member.key, method == "grid" ? "a grid" : "an ablation");
    key.range.emplace();
    read_options(*key.range, member.value, "keys." + member.key);
    const bool ordered =
        key.range->min < key.range->max && (key.range->scale == "linear" || key.range->min > 0);
    check(ordered, "{}keys.{}: expected min below max (scale log: above 0), found {} .. {}", where,
          member.key, key.range->min, key.range->max);
    const bool some = !key.range->whole || std::ceil(key.range->min) <= std::floor(key.range->max);
    check(some, "{}keys.{}: no whole number lies in {} .. {}", where, member.key, key.range->min,
          key.range->max);
    return key;
  }
  const bool list = member.value.kind == Value::Kind::list;
  check(list, "{}keys.{}: expected a list of values or a range {{min: A, max: B}}, found {}", where,
        member.key, member.value.kind_name());
  check(!member.value.items.empty(), "{}keys.{}: an empty list leaves nothing to try", where, member.key);
  for (const Value& item : member.value.items) key.values.push_back(flow_text(item));
  return key;
}

// Evenly in logarithms. Of a narrow range by its width: the logarithms of its ends may be one number.
double drawn_log(double min, double max, double share) {
  if (max / min > 2) return std::exp(std::log(min) + share * (std::log(max) - std::log(min)));
  return min + min * std::expm1(share * std::log1p((max - min) / min));
}

std::string drawn(const SweepKey& key, Pcg64& random) {
  if (!key.range)
    return key.values[static_cast<size_t>(random.integers(0, static_cast<int64_t>(key.values.size())))];
  const auto& [min, max, scale, whole] = *key.range;
  const double share = random.uniform(0, 1);
  const double value = scale == "log" ? drawn_log(min, max, share) : min + share * (max - min);
  if (whole) return fmt::format("{:.0f}", std::clamp(std::round(value), std::ceil(min), std::floor(max)));
  return fmt::format("{}", std::clamp(value, min, max));  // the shortest text that reads back equal
}

// Each trial has the next draws: more trials begin with the same ones.
void draw(SweepPlan& plan) {
  Pcg64 random(mix(static_cast<uint64_t>(plan.seed), {"sweep"}));
  for (int64_t trial = 0; trial < plan.trials; ++trial) {
    plan.values.emplace_back();
    for (const SweepKey& key : plan.keys) plan.values.back().push_back(drawn(key, random));
  }
}

// The last key runs fastest.
void cross(SweepPlan& plan, const std::string& where) {
  plan.values = {{}};
  for (const SweepKey& key : plan.keys) {
    const bool few = plan.values.size() * key.values.size() <= most_trials;
    check(few, "{}keys: more than {} combinations", where, most_trials);
    std::vector<std::vector<std::string>> longer;
    for (const auto& trial : plan.values)
      for (const std::string& value : key.values) {
        longer.push_back(trial);
        longer.back().push_back(value);
      }
    plan.values = std::move(longer);
  }
}

bool is_seed(const SweepKey& key) { return key.name == "seed" || key.name == "data.seed"; }

// All keys at their first values, then one of them at another; and all of this with each seed.
void ablate(SweepPlan& plan, const std::string& where) {
  std::vector<std::string> plain;
  for (const SweepKey& key : plan.keys) plain.push_back(key.values[0]);
  plan.values = {plain};
  const auto vary = [&](size_t k, std::vector<std::string> trial) {
    for (size_t v = 1; v < plan.keys[k].values.size(); ++v) {
      trial[k] = plan.keys[k].values[v];
      plan.values.push_back(trial);
    }
  };
  for (size_t k = 0; k < plan.keys.size(); ++k)
    if (!is_seed(plan.keys[k])) vary(k, plain);
  for (size_t k = 0; k < plan.keys.size(); ++k) {
    const bool few = plan.values.size() * plan.keys[k].values.size() <= most_trials;
    check(few || !is_seed(plan.keys[k]), "{}keys: more than {} trials", where, most_trials);
    for (size_t t = 0, trials = plan.values.size(); is_seed(plan.keys[k]) && t < trials; ++t)
      vary(k, plan.values[t]);
  }
}

void plan_trials(SweepPlan& plan, const std::string& where) {
  if (plan.method == "grid") return cross(plan, where);
  plan.method == "ablation" ? ablate(plan, where) : draw(plan);
}

void check_rungs(const SweepPlan& plan, const std::string& file) {
  const auto& budgets = plan.halving.budgets;
  const bool rising =
      std::adjacent_find(budgets.begin(), budgets.end(), std::greater_equal<>()) == budgets.end();
  check(budgets.size() >= 2 && rising,
        "{}: halving.budgets: expected at least two budgets, each longer than the one before", file);
}

}  // namespace

SweepPlan read_plan(const std::filesystem::path& file) {
  Value root = load_yaml(file);
  const auto at = std::find_if(root.members.begin(), root.members.end(),
                               [](const auto& member) { return member.key == "keys"; });
  check(!root.find("agent") && !root.find("model"), "{}: is an experiment; train it by: atelier run {}",
        file.string(), shell_path(file));
  const bool has_keys = at != root.members.end();
  const Value::Member keys = has_keys ? *at : Value::Member{};
  if (has_keys) root.members.erase(at);
  for (const auto& member : root.members)  // `keys` is no option: who has misspelt it is told here
    check(has_keys || nearest(member.key, {"keys"}).empty(), "{}unknown key '{}', did you mean 'keys'?",
          member.value.source.str(), member.key);
  SweepPlan plan;
  read_options(plan, root);
  check(has_keys, "{}: an empty sweep: expected keys with values, found no 'keys'", file.string());
  check(keys.value.is_map() && !keys.value.members.empty(),
        "{}an empty sweep: expected 'keys' with at least one key and its values", keys.source.str());
  check(!plan.experiment.empty(), "{}: experiment: expected the file whose keys are varied", file.string());
  if (plan.method == "halving") check_rungs(plan, file.string());
  if (plan.name.empty()) plan.name = file.stem();
  const bool plain = is_one_name(plan.name) && plan.name[0] != '.';
  check(plain, "{}: name: expected a plain folder name, found '{}'", file.string(), plan.name);
  for (const auto& member : keys.value.members) plan.keys.push_back(read_key(member, plan.method));
  plan_trials(plan, keys.source.str());
  return plan;
}

}  // namespace core
