// What libFuzzer calls (llvm.org/docs/LibFuzzer.html): one program for all targets, of which ATELIER_FUZZ
// names one. With ATELIER_FUZZ_SEEDS=FOLDER it writes the target's seeds there first.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/error.h"
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
  if (const char* folder = std::getenv("ATELIER_FUZZ_SEEDS")) write_seeds(folder);
  chosen();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const core::MemoryPlan plan;  // asks the system once, not each time
  is_read(chosen(), {data, size});
  return 0;
}

// A byte more or less in front of all that has a place leaves nothing to read: such files are mostly changed
// where they are.
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned int seed) {
  if (!chosen().hdf5 || size < 16 || seed % 16 == 0) return LLVMFuzzerMutate(data, size, most);
  const size_t width = 1 + seed / 16 % 16, at = seed / 256 % (size - width + 1);
  LLVMFuzzerMutate(data + at, width, width);
  return size;
}
