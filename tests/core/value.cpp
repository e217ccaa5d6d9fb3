// YAML with places: what is read, what is refusal, what an override does.
#include "core/value.h"

#include "core/error.h"
#include "tests/catch.h"

namespace tests::value {

using namespace core;

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

TEST_CASE("a file is one document", "[core][value]") {
  CHECK(parse_yaml("---\na: 1\n...\n", "f.yaml").find("a")->scalar == "1");
  CHECK(refusal("a: 1\n---\nb: 2\n").find("f.yaml:3:1: a second document") == 0);
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
