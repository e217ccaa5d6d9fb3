// What is asked for is summed while a plan lives.
#include "core/memory.h"

#include "tests/catch.h"
#include "tests/refusal.h"

namespace tests::memory {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("memory that fits part by part and not as a whole is refused", "[core]") {
  const auto spare = static_cast<double>(core::available_memory().value());
  const auto require = [&](double share) {
    return refusal([&] { core::require_memory(share * spare, "a part"); });
  };
  const auto foresee = [&](double share) {
    return refusal([&] { core::foresee_memory(share * spare, "a part"); });
  };
  CHECK_THAT(require(2), ContainsSubstring("a part needs ") && ContainsSubstring(" of memory, and "));
  for (int k = 0; k < 3; ++k) CHECK(require(0.6).empty());  // one after the other
  {
    const core::MemoryPlan plan;
    for (int k = 0; k < 3; ++k) CHECK(foresee(0.6).empty());
    CHECK(require(0.6).empty());
    CHECK_THAT(foresee(0.6), ContainsSubstring(", with all else ") && ContainsSubstring(" of memory, and "));
    {
      const core::MemoryPlan of_a_part;
      CHECK_THAT(require(0.6), ContainsSubstring(", with all else "));
    }
    CHECK_FALSE(require(0.6).empty());
    CHECK(require(0.2).empty());
  }
  CHECK(require(0.6).empty());
}

}  // namespace tests::memory
