// The table of agents.
#pragma once

#include "training/loop/table.h"

namespace agents {

const core::Table<training::Entry>& all();

}  // namespace agents
