// The table of supervised learners.
#pragma once

#include "training/loop/table.h"

namespace supervised {

const core::Table<training::Entry>& all();

}  // namespace supervised
