// What libFuzzer starts from, what it once found, and a few mutations: read or refused, where it is not at
// hand.
#include <algorithm>
#include <filesystem>

#include "core/memory.h"
#include "core/random.h"
#include "tests/catch.h"
#include "tests/fuzz/targets.h"
#include "tests/places.h"
#include "tests/scratch.h"

namespace tests::fuzz {

namespace {

Bytes bytes_in(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// A few bytes changed, or some left out.
std::string mutated(std::string text, core::Pcg64& random) {
  const auto below = [&](size_t n) {
    return static_cast<size_t>(random.integers(0, static_cast<int64_t>(n)));
  };
  for (size_t k = 0; k <= below(4) && !text.empty(); ++k)
    text[below(text.size())] = static_cast<char>(below(256));
  if (below(8) == 0 && !text.empty()) text.erase(below(text.size()), below(16));
  return text;
}

}  // namespace

TEST_CASE("readers of files from strangers read their seeds", "[fuzz]") {
  const core::MemoryPlan plan;
  for (const Target& target : targets()) {
    for (const std::string& seed : target.seeds()) {
      INFO(target.name << ": " << seed.substr(0, 200));
      CHECK(seed.size() <= (target.hdf5 ? 150'000 : 10'000));
      CHECK(refusal(target, bytes_in(seed)) == "");
    }
  }
}

TEST_CASE("readers of files from strangers read or refuse what is changed", "[fuzz]") {
  const core::MemoryPlan plan;
  core::Pcg64 random(1);
  for (const Target& target : targets()) {
    const std::vector<std::string> seeds = target.seeds();
    for (int k = 0; k < (target.hdf5 ? 40 : 200); ++k) {  // each HDF5 file has a child to look it over
      const std::string text = mutated(seeds[static_cast<size_t>(k) % seeds.size()], random);
      INFO(target.name << ", mutation " << k);
      CHECK_NOTHROW(refusal(target, bytes_in(text)));
    }
  }
}

// Those from which tests/fuzz.sh starts, too.
TEST_CASE("readers of files from strangers read or refuse what is shipped", "[fuzz]") {
  const core::MemoryPlan plan;
  size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(repository() + "/experiments")) {
    if (entry.path().extension() != ".yaml") continue;
    INFO(entry.path().string());
    for (const char* name : {"experiment", "sweep", "override", "text"})
      CHECK_NOTHROW(refusal(target(name), bytes_in(bytes_of(entry.path()))));
    ++read;
  }
  for (const auto& entry : std::filesystem::directory_iterator(repository() + "/tests/golden")) {
    if (entry.path().extension() != ".csv" || entry.file_size() > 100'000) continue;
    INFO(entry.path().string());
    for (const char* name : {"csv", "actions", "text"})
      CHECK_NOTHROW(refusal(target(name), bytes_in(bytes_of(entry.path()))));
    ++read;
  }
  CHECK(read > 20);
}

// tests/fuzz/crashers/TARGET-...
TEST_CASE("what once made a reader fail does not any more", "[fuzz]") {
  const core::MemoryPlan plan;
  for (const auto& entry : std::filesystem::directory_iterator(repository() + "/tests/fuzz/crashers")) {
    const std::string name = entry.path().filename().string();
    if (name == "README.md") continue;
    INFO(name);
    CHECK_NOTHROW(refusal(target(name.substr(0, name.find('-'))), bytes_in(bytes_of(entry.path()))));
  }
}

}  // namespace tests::fuzz
