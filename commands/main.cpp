// atelier: the front program. It carries no LibTorch; what needs it is done by the sibling atelier-torch.
#include "commands/front.h"
#include "core/program.h"

int main(int argc, char** argv) {
  core::begin_program();
  return core::end_program(commands::front(argc, argv));
}
