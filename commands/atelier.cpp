// The front program and its sibling in one.
#include "commands/atelier.h"

#include <nlohmann/json.hpp>

#include "commands/catalog.h"
#include "commands/front.h"
#include "commands/list.h"
#include "commands/sibling.h"
#include "commands/tables.h"
#include "commands/torch_program.h"
#include "core/crash.h"
#include "core/program.h"
#include "core/shell.h"

namespace atelier {

static nlohmann::json tables_here() {
  commands::prepare_torch();
  return commands::described_tables();
}

int main(int argc, char** argv, const Tables& tables) {
  core::crash_at_once();
  core::begin_program();
  if (argc > 0) core::name_program(argv[0]);
  commands::be_own_sibling(commands::torch_program);
  commands::use_tables(tables_here);
  for (const auto& entry : tables.envs) envs::add(entry);
  for (const auto& entry : tables.agents) commands::add_agent(entry);
  for (const auto& entry : tables.models) commands::add_model(entry);
  for (const auto& entry : tables.data) training::data::add(entry);
  return core::end_program(commands::front(argc, argv));
}

}  // namespace atelier
