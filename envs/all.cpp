#include "envs/all.h"

#include <algorithm>

#include "envs/families.h"

namespace envs {

namespace {

std::vector<Entry> every_family() {
  std::vector<Entry> rows;
  for (const auto& family : {arcade_games, box2d, classic_control, exploration, gridworld, minigrid_levels,
                             toy_text, two_player_games})
    for (Entry& row : family()) rows.push_back(std::move(row));
  std::sort(rows.begin(), rows.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return rows;
}

core::Table<Entry>& table() {
  static core::Table<Entry> table("env", every_family());
  return table;
}

}  // namespace

const core::Table<Entry>& all() { return table(); }

void add(const Entry& entry) { table().put(entry); }

core::TaggedSection Options::tagged() {
  const auto choose = [this](const std::string& name, const std::string& where) {
    const Entry& entry = all().at(name, where);
    factory = entry.factory();
    precision = entry.precisions[0];
    id = name;
  };
  const auto fields = [this](core::Fields& f) {
    const auto& precisions = all().at(id).precisions;
    f.choice("precision", precision,
             precisions.size() == 2 ? "exact: double, the same episodes as Gymnasium; fast: float, vectorised"
                                    : "The only one there is",
             precisions);
    f.add("max_episode_steps", max_episode_steps, "Time limit; null: the environment's own, 0: none",
          {.min = 0, .max = 2e9, .unit = "steps"});
    levels.fields(f);
    f.tagged_list("wrappers", wrappers,
                  "Changes to actions, observations and rewards, the first one innermost");
    factory.fields(f);
  };
  return {"id", &id, choose, fields};
}

std::string Options::yaml() const {
  Options copy = *this;  // Fields point into what they describe; nothing is changed
  core::Fields fields;
  fields.tagged("env", copy.tagged(), "");
  return core::to_yaml(*core::write_fields(fields).find("env"));
}

std::unique_ptr<Envs> Options::make(int64_t n, EnvPurpose purpose) const {
  core::check(!id.empty(), "env: expected the id of an environment, found none");
  const auto some = [this](int64_t count) { return factory.make(count, precision, max_episode_steps); };
  if (!levels.any()) return wrap(some(n), wrappers, purpose);
  return wrap(std::make_unique<FixedLevels>(levels, n, [&] { return some(1); }), wrappers, purpose);
}

Controller Options::heuristic() const {
  const auto& controller = all().at(id).heuristic;
  core::check(bool(controller), "{} has no heuristic policy; use --policy random", id);
  core::check(wrappers.empty(), "env.wrappers: the heuristic policy of {} plays without wrappers", id);
  const auto seen = [](const Entry::Factory& made) {
    const auto one = made.make(1, "exact", std::nullopt);
    return one->spec().observation.str() + one->spec().action.str();
  };
  core::check(seen(factory) == seen(all().at(id).factory()),
              "{}: its heuristic policy plays by the observation and the actions that are the default", id);
  return controller();
}

std::optional<Transitions> Options::transitions() const {
  return wrappers.empty() && !levels.any() ? factory.transitions() : std::nullopt;
}

}  // namespace envs
