// Files of actions, as they are typed by hand.
#include "core/formats/actions.h"

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("actions are numbers as people write them", "[core]") {
  const Scratch scratch;
  const auto with = [&](const std::string& cell) {
    write_bytes(scratch / "a.csv", "1\n" + cell + "\n");
    return refusal([&] { core::formats::read_actions(scratch / "a.csv", 1, true); });
  };
  for (const char* cell : {"0", "-2", " 3", "1e2"}) CHECK(with(cell).empty());
  for (const char* cell : {"0x1", "1.5", "nan", "inf", "1 2", "--1"})
    CHECK_THAT(with(cell), ContainsSubstring("a.csv:2: expected a whole number, found"));
}
