#include "tests/fuzz/targets.h"

#include <algorithm>

#include "core/error.h"
#include "core/path.h"
#include "tests/places.h"

namespace tests::fuzz {

const std::vector<Target>& targets() {
  static const std::vector<Target> all{
      actions(),    checkpoint(), cifar(),   csv(),   d4rl(),   episodes(), event(),
      experiment(), idx(),        journal(), map(),   minari(), npy(),      npz(),
      override_(),  picture(),    run(),     sweep(), text(),
  };
  return all;
}

const Target& target(const std::string& name) {
  const auto found =
      std::ranges::find_if(targets(), [&](const Target& target) { return target.name == name; });
  if (found != targets().end()) return *found;
  std::string names;
  for (const Target& each : targets()) names += std::string(" ") + each.name;
  core::fail("no target '{}'; there are:{}", name, names);
}

std::string refusal(const Target& target, Bytes bytes) {
  try {
    target.read(bytes);
    return "";
  } catch (const core::Error& error) {
    return error.what();
  }
}

std::string shipped(const std::string& file) {
  constexpr uint64_t most = 1'000'000;  // bytes
  return core::read_file(repository() + "/" + file, "a shipped file", most);
}

}  // namespace tests::fuzz
