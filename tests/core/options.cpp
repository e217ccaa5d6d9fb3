// One list of fields serves reading, checking, writing and describing.
#include "core/options.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "tests/catch.h"

namespace tests::options {

using namespace core;

namespace {

struct Inner {
  double rate = 0.5;
  void fields(Fields& f) {
    f.add("rate", rate, "A share", {.min = 0, .max = 1, .above = true, .unit = "share"});
  }
};

struct Outer {
  bool flag = false;
  int64_t count = 3;
  std::string mode = "a";
  std::optional<double> maybe;
  std::vector<int64_t> sizes{1, 2};
  Duration every{10, Unit::run};
  Inner inner;
  void fields(Fields& f) {
    f.add("flag", flag, "A switch");
    f.add("count", count, "A number", {.min = 1, .max = 9223372036854775807.0});
    f.choice("mode", mode, "A choice", {"a", "b"});
    f.add("maybe", maybe, "Perhaps");
    f.add("sizes", sizes, "Some numbers", {.min = 0});
    f.add("every", every, "A duration", {.min = 0});
    f.section("inner", inner, "A section");
  }
};

std::string refused(const std::string& text) {
  try {
    Outer outer;
    read_options(outer, parse_yaml(text, "f.yaml"));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("values of every type are read", "[core][options]") {
  Outer o;
  read_options(o, parse_yaml("flag: true\ncount: 250k\nmode: b\nmaybe: 1e-3\nsizes: [3, 1.5k]\nevery: "
                             "{epochs: 2}\ninner: {rate: .25}\n",
                             "f"));
  CHECK(o.flag);
  CHECK(o.count == 250000);
  CHECK(o.mode == "b");
  CHECK(o.maybe == 1e-3);
  CHECK(o.sizes == std::vector<int64_t>{3, 1500});
  CHECK(o.every == Duration{2, Unit::epochs});
  CHECK(o.inner.rate == 0.25);
  read_options(o, parse_yaml("count: 9223372036854775807\nmaybe: null\n", "f"));
  CHECK(o.count == std::numeric_limits<int64_t>::max());
  CHECK(!o.maybe);
}

TEST_CASE("what is written reads back to the same options", "[core][options]") {
  Outer o{.flag = true,
          .count = 7,
          .mode = "b",
          .maybe = 0.1,
          .sizes = {},
          .every = {3, Unit::minutes},
          .inner = {0.3}};
  Outer back;
  read_options(back, parse_yaml(to_yaml(write_options(o)), "f"));
  CHECK(to_yaml(write_options(back)) == to_yaml(write_options(o)));
  CHECK(back.inner.rate == 0.3);
}

TEST_CASE("wrong values are refused with place, expectation and finding", "[core][options]") {
  CHECK(refused("cuont: 3\n") == "f.yaml:1:1: unknown key 'cuont', did you mean 'count'?");
  CHECK(refused("base: &b {rate: 1}\ninner: *b\n").find("(a home of anchors begins with x-, as x-base)") !=
        std::string::npos);
  CHECK(refused("x-b: &b {rate: 1, more: 2}\ninner:\n  <<: *b\n")
            .find("f.yaml:1:19: unknown key 'inner.more' (by the '<<' on line 3)") == 0);
  CHECK(refused("x-base: &b {rate: 1}\ninner: *b\n").empty());
  CHECK(refused("inner: {rat: 1}\n").find("unknown key 'inner.rat', did you mean 'inner.rate'?") !=
        std::string::npos);
  CHECK(refused("inner: {rate: 0}\n")
            .find("f.yaml:1:15: inner.rate: expected a number above 0 up to 1 [share], found '0'") == 0);
  CHECK(refused("count: 0\n").find("found '0'") != std::string::npos);
  CHECK(refused("count: 1.5\n").find("a whole number") != std::string::npos);
  CHECK(refused("maybe: 1e308\n").find("f.yaml:1:8: maybe: expected a number between -1e12 and 1e12") == 0);
  CHECK(refused("maybe: .inf\n").find("found '.inf'") != std::string::npos);
  CHECK(refused("maybe: .nan\n").find("found '.nan'") != std::string::npos);
  CHECK(refused("maybe: 1e12\n").empty());
  CHECK(refused("every: 1e13\n").find("every: expected") != std::string::npos);
  CHECK(refused("count: '3'\n").find("found '3'") != std::string::npos);
  CHECK(refused("count: 9223372036854775808\n").find("count") != std::string::npos);
  CHECK(refused("flag: 1\n").find("true or false") != std::string::npos);
  CHECK(refused("mode: c\n").find("a | b") != std::string::npos);
  CHECK(refused("sizes: 3\n").find("a list") != std::string::npos);
  CHECK(refused("every: {steps: 1, epochs: 1}\n").find("exactly one of") != std::string::npos);
  CHECK(refused("inner: 3\n").find("a section") != std::string::npos);
}

TEST_CASE("the description has default, range, unit and sentence of every field", "[core][options]") {
  Outer o;
  Fields fields;
  o.fields(fields);
  const auto rows = describe_fields(fields);
  REQUIRE(rows.size() == 8);
  CHECK(rows[7].at("name") == "inner.rate");
  CHECK(rows[7].at("default") == "0.5");
  CHECK(rows[7].at("unit") == "share");
  CHECK(rows[7].at("range") == "above 0 up to 1");
  CHECK(rows[2].at("range") == "a | b");
}

TEST_CASE("numbers print as they were meant and read back exactly", "[core][options]") {
  for (const double x : {0.1, 1e-3, 250000.0, 3.0e22, 1.0 / 3}) CHECK(parse_number(print_number(x)) == x);
  CHECK(print_number(250000) == "250000");
  CHECK_THROWS(parse_number("12x"));
  CHECK_THROWS(parse_number(""));
  CHECK_THROWS(parse_number("k"));
}

}  // namespace tests::options
