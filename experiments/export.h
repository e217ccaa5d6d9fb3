// `atelier export`: what runs hold in other people's formats.
#pragma once

#include "experiments/commands.h"

namespace experiments {

int export_runs(const ExportCommand& command);

}  // namespace experiments
