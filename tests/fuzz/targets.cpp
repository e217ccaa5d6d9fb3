#include "tests/fuzz/targets.h"

#include <algorithm>

#include "core/error.h"
#include "core/path.h"
#include "tests/places.h"

namespace tests::fuzz {

const std::vector<Target>& targets() {
  static const std::vector<Target> all{
      csv(),
      idx(),
      text(),
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

bool is_read(const Target& target, Bytes bytes) {
  try {
    target.read(bytes);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

std::string shipped(const std::string& file) {
  constexpr uint64_t most = 1'000'000;  // bytes
  return core::read_file(repository() + "/" + file, "a shipped file", most);
}

}  // namespace tests::fuzz
