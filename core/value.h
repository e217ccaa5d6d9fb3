// A YAML document as a plain tree in which every node knows where it came from.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct Source {
  std::string file;         // path as given, or "command line"
  int line = 0;             // from 1; 0 when there is none
  int column = 0;           // from 1
  std::string str() const;  // "x.yaml:3:7: " (with the colon and blank), "" when unknown
};

struct Value {
  enum class Kind { null, scalar, list, map };
  struct Member;

  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false;          // a quoted scalar is a string, never a number
  bool anchored = false;        // `key: &name` at the top of a file
  std::vector<Value> items;     // kind == list
  std::vector<Member> members;  // kind == map, in file order, keys unique
  Source source;

  static Value of(std::string text);
  static Value string(std::string text);  // quoted when it would read as something else
  static Value map();

  bool is_null() const { return kind == Kind::null; }
  bool is_map() const { return kind == Kind::map; }
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  Value& set(std::string_view key, Value value);  // replaces or appends; *this becomes a map
  const char* kind_name() const;                  // "a map", "a list", ...
};

struct Value::Member {
  std::string key;
  Source source;  // of the key
  Value value;
  int merged = 0;  // the line of the `<<` that took it over; 0: none
};

// Here, because clang wants Member whole where a Value is made.
inline Value Value::of(std::string text) { return {.kind = Kind::scalar, .scalar = std::move(text)}; }
inline Value Value::map() { return {.kind = Kind::map}; }

// Keys at the top that begin with x- are left out: they are there for the anchors within them. Errors name
// file, line and column: syntax, tabs, duplicate keys, an empty document, a root that is no map.
Value parse_yaml(const std::string& text, const std::string& file);
Value load_yaml(const std::filesystem::path& path);
// Applies "key.sub=value" to `root`; value is YAML flow text ([1, 2], {a: 1}, 3e-4).
void apply_override(Value& root, const std::string& assignment);
// YAML text that parses back to the same tree.
std::string to_yaml(const Value& value);

}  // namespace core
