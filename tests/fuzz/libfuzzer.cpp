// What libFuzzer calls (llvm.org/docs/LibFuzzer.html): one program for all targets, of which ATELIER_FUZZ
// names one. With ATELIER_FUZZ_SEEDS=FOLDER it writes the target's seeds there first,
// with ATELIER_FUZZ_TELL=1 it says why what is refused is.
#include <hdf5.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/error.h"
#include "core/look_over.h"
#include "core/memory.h"
#include "core/program.h"
#include "tests/fuzz/targets.h"

extern "C" {
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);
int LLVMFuzzerInitialize(int* argc, char*** argv);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned int seed);
}

namespace {

using namespace tests::fuzz;

const Target& chosen() {
  static const Target& one = []() -> const Target& {
    const char* name = std::getenv("ATELIER_FUZZ");
    try {
      return target(name ? name : "");
    } catch (const core::Error& error) {
      std::fprintf(stderr, "ATELIER_FUZZ: %s\n", error.what());
      std::exit(2);
    }
  }();
  return one;
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : chosen().seeds())
    std::ofstream(folder / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
}

}  // namespace

int LLVMFuzzerInitialize(int*, char***) {
  core::begin_program();
  H5set_free_list_limits(-1, 0, -1, 0, -1, 0);  // what is free is given back, where it is seen when used
  if (const char* folder = std::getenv("ATELIER_FUZZ_SEEDS")) write_seeds(folder);
  chosen();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const core::Fearless fearless;
  static const core::MemoryPlan plan;  // asks the system once, not each time
  const std::string why = refusal(chosen(), {data, size});
  static const bool told = std::getenv("ATELIER_FUZZ_TELL") != nullptr;
  if (told) std::fprintf(stderr, "%s\n", why.empty() ? "read" : why.c_str());
  return 0;
}

// A byte more or less in front of all that has a place leaves nothing to read: such files are mostly changed
// where they are, and where they hold something.
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned int seed) {
  constexpr size_t widest = 16;
  if (!chosen().hdf5 || size < widest || seed % 16 == 0) return LLVMFuzzerMutate(data, size, most);
  std::minstd_rand random(seed);
  const size_t width = 1 + random() % widest;
  size_t at = 0;
  for (int tries = 0; tries < 8; ++tries)
    if (at = random() % (size - width + 1); data[at] != 0) break;
  LLVMFuzzerMutate(data + at, width, width);
  return size;
}
