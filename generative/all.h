// The table of generative models.
#pragma once

#include "training/table.h"

namespace generative {

const core::Table<training::Entry>& all();

}  // namespace generative
