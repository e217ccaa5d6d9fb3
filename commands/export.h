// `atelier export`: what runs hold in other people's formats.
#pragma once

#include "commands/commands.h"

namespace commands {

int export_runs(const ExportCommand& command);

}  // namespace commands
