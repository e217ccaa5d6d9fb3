#include "render/viewer/key.h"

#include <array>

#include "core/error.h"
#include "core/nearest.h"

namespace render {

static constexpr std::array names{"none", "space", "left", "right", "up", "down", "home", "end", "n",
                                  "p",    "r",     "o",    "c",     "m",  "t",    "h",    "q",   "0",
                                  "1",    "2",     "3",    "4",     "5",  "6",    "7",    "8",   "9"};

Key key_named(const std::string& name) {
  for (size_t k = 1; k < names.size(); ++k)
    if (name == names[k]) return static_cast<Key>(k);
  const std::vector<std::string> known(names.begin() + 1, names.end());
  core::fail("keys: unknown key '{}'{}", name, core::suggestion(name, known));
}

int digit_of(Key key) {
  const int digit = static_cast<int>(key) - static_cast<int>(Key::digit0);
  return digit >= 0 && digit <= 9 ? digit : -1;
}

}  // namespace render
