#include "agents/all.h"

#include "agents/families.h"

namespace agents {

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table = training::joined(
      "agent",
      {bandits, continuous, evolution, exploration, offline, planning, policy_gradient, tabular, value});
  return table;
}

}  // namespace agents
