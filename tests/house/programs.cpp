// What the built programs load. LibTorch costs 0.6 s and 160 MB at every start, so only its own program may
// need it.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/catch.h"
#include "tests/places.h"

namespace tests::built {

namespace {

std::string whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("these tests run without LibTorch", "[house]") {
  CHECK(whole("/proc/self/maps").find("libtorch") == std::string::npos);
}

TEST_CASE("the front program does not link LibTorch", "[house]") {
  const std::filesystem::path front = std::filesystem::path(tests::programs()) / "atelier";
  if (!std::filesystem::exists(front)) return;  // the sanitizer build makes only the tests
  CHECK(whole(front).find("libtorch.so") == std::string::npos);
  CHECK(whole(front).find("libtorch_cpu.so") == std::string::npos);
}

}  // namespace tests::built
