// YAML with places: what is read, what is refusal, what an override does.
#include "core/value.h"

#include <sys/stat.h>

#include <ctime>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::value {

using namespace core;
using Catch::Matchers::ContainsSubstring;

static std::string refusal(const std::string& text) {
  try {
    parse_yaml(text, "f.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a document becomes a tree that knows its places", "[core][value]") {
  const Value root = parse_yaml("a: 1\nb:\n  c: [x, 'y']\n  d: {e: 2.5}\n", "f.yaml");
  CHECK(root.find("a")->scalar == "1");
  CHECK(root.find("b")->find("c")->items[1].quoted);
  CHECK(root.find("b")->find("d")->find("e")->source.line == 4);
  CHECK(root.find("b")->find("d")->find("e")->source.column == 10);
  CHECK(root.find("z") == nullptr);
}

TEST_CASE("syntax, tabs, duplicates and emptiness are refusal with their place", "[core][value]") {
  CHECK(refusal("a: [1\n").find("f.yaml:") == 0);
  CHECK(refusal("a: 1\n\tb: 2\n").find("f.yaml:2:1:") == 0);
  CHECK(refusal("a: 1\nb: 2\na: 3\n").find("f.yaml:3:1: duplicate key 'a'") == 0);
  CHECK(refusal("").find("empty") != std::string::npos);
  CHECK(refusal("- 1\n").find("f.yaml:1:1:") == 0);
}

TEST_CASE("aliases stand for what they name, but for no endless nor enormous text", "[core][value]") {
  const Value root = parse_yaml("a: &x [1, 2]\nb: *x\n", "f.yaml");
  CHECK(root.find("b")->items.size() == 2);
  CHECK(refusal("a: 1\nb: &h [64, *h]\n").find("f.yaml:2:4: an alias inside of what it stands for") == 0);
  CHECK(refusal("a: &m {b: *m}\n").find("an alias inside") != std::string::npos);
  CHECK(refusal("a: &m {b: 1, <<: *m}\n").find("an alias inside") != std::string::npos);
  Value target = parse_yaml("a: 1\n", "f.yaml");
  CHECK_THROWS_AS(apply_override(target, "a=&h [*h]"), Error);
  std::string bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int k = 1; k < 12; ++k) {
    bomb += fmt::format("a{}: &a{} [", k, k);
    for (int n = 0; n < 9; ++n) bomb += fmt::format("{}*a{}", n ? ", " : "", k - 1);
    bomb += "]\n";
  }
  CHECK(refusal(bomb).find("more than 100000 values") != std::string::npos);
}

TEST_CASE("merge keys take over what a map lacks, the first of several first", "[core][value]") {
  const Value root = parse_yaml(
      "base: &b {every: 1, episodes: 5}\nother: &o {every: 2, mode: x}\n"
      "one: {<<: *b, episodes: 7}\nmany: {<<: [*b, *o]}\nplain: {'<<': 3}\n",
      "f.yaml");
  CHECK(to_yaml(*root.find("one")) == to_yaml(parse_yaml("episodes: 7\nevery: 1\n", "")));
  CHECK(to_yaml(*root.find("many")) == to_yaml(parse_yaml("every: 1\nepisodes: 5\nmode: x\n", "")));
  CHECK(root.find("plain")->find("<<")->scalar == "3");
  CHECK(refusal("a: {<<: 3}\n").find("f.yaml:1:5: <<: expected a map") == 0);
}

TEST_CASE("a key at the top that begins with x- is a home of anchors", "[core][value]") {
  const Value root = parse_yaml("x-common: &c {every: 1}\none: {<<: *c}\ntwo: {x-y: 2}\n", "f.yaml");
  CHECK(root.find("x-common") == nullptr);
  CHECK(root.find("one")->find("every")->scalar == "1");
  CHECK(root.find("two")->find("x-y") != nullptr);
  const Value named = parse_yaml("base: &b {every: 1}\nplain: {every: 2}\n", "f.yaml");
  CHECK(named.find("base")->anchored);
  CHECK_FALSE(named.find("plain")->anchored);
}

TEST_CASE("what is nested too deep is refused with its place", "[core][value]") {
  for (const std::string& open : {std::string("["), std::string("{a: ")}) {
    std::string text = "a: 1\nb: ";
    for (int k = 0; k < 200'000; ++k) text += open;
    text += "\nc: 1\n";
    const std::string place = fmt::format("f.yaml:2:{}: nested too deep", 4 + 100 * open.size());
    CHECK(refusal(text).find(place) == 0);
  }
  std::string steps;
  for (int k = 0; k < 1000; ++k) steps += std::string(static_cast<size_t>(k), ' ') + "a:\n";
  CHECK(refusal(steps).find("nested too deep") != std::string::npos);
}

TEST_CASE("a file is one document", "[core][value]") {
  CHECK(parse_yaml("---\na: 1\n...\n", "f.yaml").find("a")->scalar == "1");
  CHECK(refusal("a: 1\n---\nb: 2\n").find("f.yaml:3:1: a second document") == 0);
}

TEST_CASE("a comma that no value goes before is refused, and no endless row of documents", "[core][value]") {
  const std::string words = "not valid YAML: found a comma or a bracket where";
  CHECK_THAT(refusal(", a: 1\n"), ContainsSubstring("f.yaml:1:1: " + words));
  CHECK_THAT(refusal("a: 1\n, b: 2\n"), ContainsSubstring(words) || ContainsSubstring("not valid YAML"));
  Value root = parse_yaml("a: 1\n", "f.yaml");
  CHECK_THAT(::refusal([&] { apply_override(root, "a=,"); }), ContainsSubstring(words));
  CHECK_THAT(::refusal([&] { apply_override(root, "a=]"); }), ContainsSubstring("not valid YAML"));
}

TEST_CASE("what no name can hold is refused with its place, in a file and in quotes", "[core][value]") {
  CHECK(refusal("a: 1\nname: \"a\\0b\"\n") == "f.yaml:2:7: 'a\\x00b' holds a control character");
  CHECK(refusal("a: 1\nb: \"\\e[31m\"\n").find("f.yaml:2:4: '\\x1b[31m' holds a control") == 0);
  CHECK(refusal("\"\\b\": 1\n").find("f.yaml:1:1: '\\x08' holds a control") == 0);
  CHECK(refusal("a: 1\nname: x\x1b[2J\n").find("f.yaml:2:8: a control character") == 0);
  CHECK(refusal("\xff\xfe"
                "a") == "f.yaml: is UTF-16, expected UTF-8");
  CHECK(refusal("a: \xff\n").find("f.yaml:1:4: a control character, or a byte that is not UTF-8") == 0);
  CHECK(parse_yaml("a: \"two\\nlines\\t\"\r\nb: gr\u00fc\u00df\r\n", "f.yaml").find("a")->scalar ==
        "two\nlines\t");
}

TEST_CASE("what is missing at the end of a file has a place", "[core][value]") {
  CHECK(refusal("a: 1\nb: \"never closed").find("f.yaml:2:") == 0);
  CHECK(refusal("a: [1, \"x").find("f.yaml:1:") == 0);
}

// Processor time of reading so many keys.
static double cost_of_reading(size_t keys) {
  std::string text;
  for (size_t k = 0; k < keys; ++k) text += fmt::format("k{}: 1\n", k);
  const std::clock_t began = std::clock();
  CHECK(parse_yaml(text, "f.yaml").members.size() == keys);
  return double(std::clock() - began);
}

TEST_CASE("many keys are read in a moment, many levels are refused", "[core][value]") {
  CHECK(cost_of_reading(90'000) <
        40 * cost_of_reading(9'000));  // a hundredfold where each looks at all others
  CHECK(refusal("a: {<<: {b: 1}, <<: {c: 2}}\n").find("f.yaml:1:17: duplicate key '<<'") == 0);
  std::string deep = "a";
  for (int k = 0; k < 60'000; ++k) deep += ".a";
  Value root = Value::map();
  CHECK_THROWS_AS(apply_override(root, deep + "=1"), Error);
}

TEST_CASE("what is no file with an end is refused", "[core][value]") {
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe.yaml").c_str(), 0600) == 0);
  std::filesystem::create_symlink(scratch / "loop.yaml", scratch / "loop.yaml");
  const auto said = [](const std::filesystem::path& file) {
    return ::refusal([&] { core::load_yaml(file); });
  };
  CHECK(said(scratch / "pipe.yaml").find("is a pipe or a device, expected a YAML file") != std::string::npos);
  CHECK(said("/dev/zero").find("is a pipe or a device") != std::string::npos);
  CHECK(said(scratch.folder).find("is a folder") != std::string::npos);
  CHECK(said(scratch / std::string(300, 'x')).find("too long") != std::string::npos);
  CHECK(said(scratch / "loop.yaml").find("loop.yaml: ") != std::string::npos);
  write_bytes(scratch / "large.yaml", std::string(5'000'000, '#'));
  CHECK(said(scratch / "large.yaml").find("takes more than 4 MB") != std::string::npos);
}

TEST_CASE("an override replaces or adds along its path", "[core][value]") {
  Value root = parse_yaml("a: {b: 1}\nenv: CartPole-v1\n", "f.yaml");
  apply_override(root, "a.b=[1, 2]");
  apply_override(root, "a.c.d=x");
  apply_override(root, "env.precision=fast");
  CHECK(root.find("a")->find("b")->items.size() == 2);
  CHECK(root.find("a")->find("c")->find("d")->scalar == "x");
  CHECK(root.find("env")->find("precision")->scalar == "fast");
  CHECK_THROWS_AS(apply_override(root, "nothing"), Error);
  CHECK_THROWS_AS(apply_override(root, "=3"), Error);
}

TEST_CASE("what is written reads back to the same tree", "[core][value]") {
  Value root = Value::map();
  for (const char* text :
       {"plain", "true", "12", "", "with: colon", "a \"quote\"", "-", "null", "#x", "two\nlines"})
    root.set(fmt::format("k{}", root.members.size()), Value::string(text));
  const Value back = parse_yaml(to_yaml(root), "f.yaml");
  for (const auto& member : root.members) {
    INFO(member.value.scalar);
    CHECK(back.find(member.key)->scalar == member.value.scalar);
  }
}

}  // namespace tests::value
