// JSON that is deeper than any tool writes.
#include "core/formats/json.h"

#include "core/formats/minari_space.h"
#include "tests/catch.h"

namespace tests::json {

using core::formats::parse_json;

TEST_CASE("JSON of many levels is none, of a few it is what it says", "[core]") {
  const auto nested = [](size_t levels) { return std::string(levels, '[') + "7" + std::string(levels, ']'); };
  CHECK(parse_json("{\"a\": [1, 2.5, null]}")["a"][1] == 2.5);
  CHECK(parse_json("{\"a\": ").is_discarded());
  CHECK(parse_json(nested(60)).dump() == nested(60));
  for (const size_t levels : {100, 200000}) {
    CHECK(parse_json(nested(levels)).is_discarded());
    CHECK(parse_json<nlohmann::ordered_json>("{\"low\": " + nested(levels) + "}").is_discarded());
  }
  CHECK(core::formats::leaves_of("{\"type\": \"Box\", \"low\": " + nested(200000) + "}", "x").empty());
}

}  // namespace tests::json
