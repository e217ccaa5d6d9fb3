#include "envs/all.h"

#include <algorithm>

#include "envs/cartpole.h"
#include "envs/entry.h"
#include "envs/frozenlake.h"
#include "envs/pendulum.h"

namespace envs {

const core::Table<Entry>& all() {
  static const core::Table<Entry> table(
      "env",
      {
          batched<CartPole>({"CartPole-v0",
                             "Keep a pole upright on a cart for 200 steps by pushing left or right",
                             "https://gymnasium.farama.org/environments/classic_control/cart_pole", 200, 195,
                             cartpole_controller}),
          batched<CartPole>({"CartPole-v1",
                             "Keep a pole upright on a cart for 500 steps by pushing left or right",
                             "https://gymnasium.farama.org/environments/classic_control/cart_pole", 500, 475,
                             cartpole_controller}),
          batched<FrozenLake>(
              {"FrozenLake-v1", "Cross slippery ice, 4 by 4 cells, to the goal without falling into a hole",
               "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 100, 0.70},
              {}, lake_transitions),
          batched<FrozenLake>({"FrozenLake8x8-v1",
                               "Cross slippery ice, 8 by 8 cells, to the goal without falling into a hole",
                               "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 200, 0.85},
                              {.map_name = "8x8"}, lake_transitions),
          batched<Pendulum>({"Pendulum-v1",
                             "Swing a rod up with a weak motor and hold it there at little cost",
                             "https://gymnasium.farama.org/environments/classic_control/pendulum", 200,
                             std::nullopt, pendulum_controller}),
      });
  return table;
}

core::Chosen Options::chosen() {
  const auto choose = [this](const std::string& name, const std::string& where) {
    blueprint = all().at(name, where).blueprint();
    id = name;
  };
  const auto fields = [this](core::Fields& f) {
    f.add("precision", precision, "exact: double, the same episodes as Gymnasium; fast: float, vectorised",
          {.choices = all().at(id).precisions});
    f.add("max_episode_steps", max_episode_steps, "Time limit; null: the environment's own, 0: none",
          {.min = 0, .max = 2e9, .unit = "steps"});
    blueprint.fields(f);
  };
  return {"id", &id, choose, fields};
}

std::string Options::yaml() const {
  Options copy = *this;  // Fields point into what they describe; nothing is changed
  core::Fields fields;
  fields.chosen("env", copy.chosen(), "");
  return core::to_yaml(*core::write_fields(fields).find("env"));
}

std::unique_ptr<Envs> Options::make(int64_t n) const {
  core::check(!id.empty(), "env: expected the id of an environment, found none");
  return blueprint.make(n, precision, max_episode_steps);
}

}  // namespace envs
