// atelier list and describe: read from the tables that the build wrote beside the programs.
#pragma once

#include <string>

namespace commands {

int list(const std::string& kind);
int describe(const std::string& name);

}  // namespace commands
