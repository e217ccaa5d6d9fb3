// Races that are meant: tests/threads.sh asks the thread sanitizer for them before it believes its silence.
#include <thread>

#include "tests/catch.h"

namespace tests::races {

TEST_CASE("two threads race on purpose", "[.race]") {
  int count = 0;
  const auto add = [&] { ++count; };
  std::thread one(add), other(add);
  one.join();
  other.join();
  CHECK(count > 0);
}

TEST_CASE("a parallel loop races on purpose", "[.race]") {
  int count = 0;
#pragma omp parallel for
  for (int i = 0; i < 100; ++i) ++count;
  CHECK(count > 0);
}

}  // namespace tests::races
