#include "tests/places.h"

namespace tests {

const std::string& repository() {
  static const std::string folder = ATELIER_SOURCE;
  return folder;
}

const std::string& programs() {
  static const std::string folder = ATELIER_BIN;
  return folder;
}

}  // namespace tests
