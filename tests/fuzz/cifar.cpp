// CIFAR-10's records.
#include "core/formats/cifar.h"

#include "tests/fuzz/held.h"

namespace tests::fuzz {

static void read_cifar(Bytes bytes) {
  const Held held(bytes);
  core::formats::read_cifar(held.path());
}

static std::vector<std::string> cifar_seeds() {
  return {std::string(3073, '\0'), std::string(3073, '\x09') + std::string(3073, '\x01')};
}

Target cifar() { return {"cifar", read_cifar, cifar_seeds}; }

}  // namespace tests::fuzz
