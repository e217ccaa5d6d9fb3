// `atelier describe FILE --summary`: the nets that an experiment would build.
#pragma once

#include "commands/commands.h"

namespace commands {

int show_summary(const ShowCommand& command);

}  // namespace commands
