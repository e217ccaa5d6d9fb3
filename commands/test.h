// atelier test: runs the built test programs.
#pragma once

#include <string>

namespace commands {

// `name`: a tag without brackets; empty: all. Exit code 1 when anything failed.
int test(const std::string& name);

}  // namespace commands
