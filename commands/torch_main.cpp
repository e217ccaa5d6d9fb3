// atelier-torch: the sibling program that carries LibTorch. The front program starts it with the same
// arguments.
#include "commands/torch_program.h"
#include "core/crash.h"
#include "core/program.h"

int main(int argc, char** argv) {
  core::crash_at_once();
  core::begin_program();
  return core::end_program(commands::torch_program(argc, argv));
}
