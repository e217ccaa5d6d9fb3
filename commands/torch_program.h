// What of the command line needs LibTorch.
#pragma once

namespace commands {

// LibTorch's warnings, memory and threads as we want them, and the data sources that are composed here.
void prepare_torch();
// The exit code.
int torch_program(int argc, char** argv);

}  // namespace commands
