// A line that fits its terminal.
#include "core/terminal.h"

#include "tests/catch.h"

namespace tests::terminal {

TEST_CASE("a line gives up whole parts until it fits, and is cut where nothing helps", "[core]") {
  CHECK(core::fitted("5 %", {"one", "two"}, "ETA 0:01", 80) == "5 % | one | two | ETA 0:01");
  CHECK(core::fitted("5 %", {"one", "two"}, "ETA 0:01", 24) == "5 % | one | ETA 0:01");
  CHECK(core::fitted("5 %", {"one", "two"}, "ETA 0:01", 15) == "5 % | ETA 0:01");
  CHECK(core::fitted("5 %", {}, "ETA 0:01", 15) == "5 % | ETA 0:01");
  CHECK(core::fitted("5 %", {}, "ETA 0:01", 14) == "5 %");
  CHECK(core::fitted("  5 %  steps 1 of 20", {"one"}, "ETA 0:01", 21) == "  5 %  steps 1 of 20");
  CHECK(core::fitted("  5 %  steps 1 of 20", {"one"}, "ETA 0:01", 20) == "  5 %");
  CHECK(core::fitted("  5 %  steps 1 of 20", {}, "", 4) == "  5");
  CHECK(core::clock(7) == "0:07");
  CHECK(core::clock(3723) == "1:02:03");
}

TEST_CASE("a lasting line goes on below where it does not fit, and gives up nothing", "[core]") {
  const std::vector<std::string> parts{"100 %", "one two", "three", "0:07"};
  CHECK(core::in_lines(parts, 80) == "100 % | one two | three | 0:07");
  CHECK(core::in_lines({"next:", "a line"}, 80, " ") == "next: a line");
  CHECK(core::in_lines({"next:", "a line"}, 10, " ") == "next:\n  a line");
  CHECK(core::in_lines(parts, 26) == "100 % | one two | three\n  0:07");
  CHECK(core::in_lines(parts, 17) == "100 % | one two\n  three | 0:07");
  CHECK(core::in_lines(parts, 3) == "100 %\n  one two\n  three\n  0:07");
}

}  // namespace tests::terminal
