// atelier describe DATA --picture FILE.png: what a data source yields, in numbers and as a picture of twenty
// rows.
#pragma once

#include "commands/commands.h"

namespace commands {

// Prints each part's rows, shape and range, and how many rows every class has; draws twenty rows to
// learn from, or points. Error for what is no data source, or a set that cannot be read.
int show_data(const ShowCommand& command);

}  // namespace commands
