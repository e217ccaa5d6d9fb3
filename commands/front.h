// The whole command line, of which the program with LibTorch does what needs LibTorch.
#pragma once

namespace commands {

// The exit code; what needs LibTorch replaces this program by its sibling, unless it carries LibTorch itself.
int front(int argc, char** argv);

}  // namespace commands
