// `atelier tune lr FILE`: the learning-rate range test of an experiment.
#pragma once

#include "commands/commands.h"

namespace commands {

int tune(const TuneCommand& command);

}  // namespace commands
