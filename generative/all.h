// The table of generative models.
#pragma once

#include "training/loop/table.h"

namespace generative {

const core::Table<training::Entry>& all();

}  // namespace generative
