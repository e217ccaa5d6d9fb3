// Text of unknown origin is shown without being obeyed.
#include "core/shown.h"

#include "tests/catch.h"

namespace tests::shown_text {

using core::Breaks;
using core::shown;

TEST_CASE("control characters are shown escaped, what is not UTF-8 as a replacement", "[core]") {
  CHECK(shown("gr\u00fc\u00df dich \U0001F600") == "gr\u00fc\u00df dich \U0001F600");
  CHECK(shown("a\x1b[31mb\x7f") == "a\\x1b[31mb\\x7f");
  CHECK(shown(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(shown("a\u009bb\u202ec") == "a\\x9bb\\u202ec");
  CHECK(shown("a\nb\tc") == "a\\nb\\tc");
  CHECK(shown("a\nb\tc\rd", Breaks::kept) == "a\nb\tc\\x0dd");
  CHECK(shown("a\xff\xc3") == "a\uFFFD\uFFFD");
  CHECK(shown("\xc0\xaf \xed\xa0\x80") == "\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD");  // overlong, a surrogate
}

TEST_CASE("a long text is cut between two characters", "[core]") {
  CHECK(core::shown_start("short", 5) == "short");
  CHECK(core::shown_start("longer", 4) == "long...");
  CHECK(core::shown_start("ab\u00fcc", 3) == "ab...");
}

TEST_CASE("the place of what cannot be shown is told", "[core]") {
  CHECK_FALSE(core::unprintable("plain \u00fc"));
  CHECK(core::unprintable("ab\x07") == 2);
  CHECK(core::unprintable("a\nb") == 1);
  CHECK_FALSE(core::unprintable("a\nb", Breaks::kept));
}

}  // namespace tests::shown_text
