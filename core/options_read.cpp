// What a file says, written through the fields' pointers: ReadInto is one function for each type, and
// sections call the walk again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.h"
#include "core/nearest.h"
#include "core/options.h"
#include "core/shown.h"
#include "core/synonyms.h"

namespace core {

namespace {

// One value being read: where it stands, what it is called, what it may be.
struct Reading {
  const Value& value;
  const std::string& path;
  const Field& field;

  [[noreturn]] void expected(const std::string& what) const {
    const std::string found =
        value.kind == Value::Kind::scalar ? "'" + shown_start(value.scalar) + "'" : value.kind_name();
    fail("{}{}: expected {}, found {}", value.source.str(), path, what, found);
  }
};

std::string number_text(const char* kind, const Limits& limits) {
  const std::string range = range_text(limits), unit = *limits.unit ? fmt::format(" [{}]", limits.unit) : "";
  return fmt::format("{}{}{}{}", kind, range.empty() ? "" : " ", range, unit);
}

// `kind` of number, as messages call it.
double read_double(const Reading& r, const char* kind) {
  if (r.value.kind != Value::Kind::scalar || r.value.quoted) r.expected(number_text(kind, r.field.limits));
  double number = 0;
  try {
    number = parse_number(r.value.scalar);
  } catch (const std::invalid_argument&) {
    r.expected(number_text(kind, r.field.limits));
  }
  const bool inside = number <= r.field.limits.max &&
                      (r.field.limits.above ? number > r.field.limits.min : number >= r.field.limits.min);
  if (!inside) r.expected(number_text(kind, r.field.limits));
  return number;
}

// Beyond 1e12 are no scales, rates or durations: products stay finite, and what is done turn by turn ends.
double read_number(const Reading& r, const char* kind = "a number") {
  const double number = read_double(r, kind);
  if (std::abs(number) > 1e12) r.expected("a number between -1e12 and 1e12");
  return number;
}
double read_real(const Reading& r) { return read_number(r); }

// Exact up to 2^63 - 1: plain digits do not pass through double.
int64_t read_int(const Reading& r) {
  const std::string& text = r.value.scalar;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool plain =
      error == std::errc() && end == text.data() + text.size() && !text.empty() && !r.value.quoted;
  const double approximate = read_double(r, "a whole number");
  if (plain) return number;
  if (approximate != std::floor(approximate) || std::abs(approximate) > 9e18)
    r.expected(number_text("a whole number", r.field.limits));
  return static_cast<int64_t>(approximate);
}

bool read_bool(const Reading& r) {
  if (r.value.kind == Value::Kind::scalar && r.value.scalar == "true") return true;
  if (r.value.kind == Value::Kind::scalar && r.value.scalar == "false") return false;
  r.expected("true or false");
}

// A run's own config (.h5) holds whole paths; of old runs what their caller gave.
std::string whole_path(const Value& value) {
  namespace fs = std::filesystem;
  const fs::path path = value.scalar, file = value.source.file;
  if (path.empty() || path.is_absolute()) return value.scalar;
  std::error_code unknown;  // a name such as "command line"
  const bool written = file.extension() != ".h5" && fs::is_regular_file(file, unknown);
  return fs::absolute(written ? file.parent_path() / path : path).lexically_normal().string();
}

// The choices stand in the message already.
std::string likely(const std::string& word, const std::vector<std::string>& choices) {
  const std::string words = suggestion(word, choices);
  return words.starts_with("; known") ? "" : words;
}

std::string read_string(const Reading& r) {
  const auto& choices = r.field.choices;
  if (r.value.kind != Value::Kind::scalar)
    r.expected(choices.empty() ? "text" : fmt::format("one of {}", fmt::join(choices, " | ")));
  if (!choices.empty() && std::find(choices.begin(), choices.end(), r.value.scalar) == choices.end())
    fail("{}{}: expected one of {}, found '{}'{}", r.value.source.str(), r.path, fmt::join(choices, " | "),
         r.value.scalar, likely(r.value.scalar, choices));
  return r.field.limits.path ? whole_path(r.value) : r.value.scalar;
}

template <class T, class Read>
std::vector<T> read_list(const Reading& r, Read read) {
  if (r.value.kind != Value::Kind::list) r.expected("a list such as [a, b]");
  std::vector<T> list;
  for (const Value& item : r.value.items) list.push_back(read(Reading{item, r.path, r.field}));
  return list;
}

Duration read_duration(const Reading& r) {
  static constexpr Unit units[] = {Unit::steps, Unit::epochs, Unit::samples, Unit::env_steps, Unit::minutes};
  if (!r.value.is_map())
    return {read_number(r, "a number (in the budget's unit) or {unit: number}"), Unit::run};
  if (r.value.members.size() == 1)
    for (const Unit unit : units)
      if (r.value.members[0].key == unit_name(unit))
        return {read_number({r.value.members[0].value, r.path, r.field}), unit};
  r.expected("exactly one of steps, epochs, samples, env_steps, minutes");
}

// A key that its section does not know; whoever knows all sections says where it may belong.
struct UnknownKey {
  std::string where, inside;
  Value::Member member;
  std::vector<std::string> siblings;
};

void read_into(const Fields& fields, const Value& map, const std::string& inside);

void read_tagged(const TaggedSection& section, const Value& value, const std::string& path) {
  if (value.is_null() && section.name->empty()) return;  // nothing is chosen, as it was written
  const Value* name = value.is_map() ? value.find(section.tag) : &value;
  if (value.is_map() && !name) name = value.find("");
  if (name) {
    check(name->kind == Value::Kind::scalar, "{}{}: expected a name or {{{}: NAME, ...}}, found {}",
          value.source.str(), path, section.tag, name->kind_name());
    if (section.path && name->scalar.empty() && !value.is_map()) return;
    section.choose(section.path ? whole_path(*name) : name->scalar, name->source.str());
  }
  check(!section.name->empty(), "{}{}: lacks its '{}'", value.source.str(), path, section.tag);
  if (!value.is_map()) return;
  Value rest = value;
  std::erase_if(rest.members,
                [&](const auto& member) { return member.key == section.tag || member.key.empty(); });
  Fields fields;
  section.fields(fields);
  read_into(fields, rest, path);
}

void read_tagged_list(const TaggedList& list, const Reading& r) {
  if (r.value.kind != Value::Kind::list) r.expected("a list of names or sections");
  list.clear();
  for (const Value& item : r.value.items) read_tagged(list.append(), item, r.path);
}

void read_section(const std::function<void(Fields&)>& list, const Reading& r) {
  if (r.value.is_null()) return;
  if (!r.value.is_map()) r.expected("a section of 'key: value' lines");
  Fields fields;
  list(fields);
  read_into(fields, r.value, r.path);
}

// null is no value, anything else is read as `read` does.
template <class T, class Read>
void read_optional(std::optional<T>& target, const Reading& r, Read read) {
  if (r.value.is_null())
    target.reset();
  else
    target = read(r);
}

// One function for each type that a field may have.
struct ReadInto {
  const Reading& r;

  void operator()(bool* to) const { *to = read_bool(r); }
  void operator()(int64_t* to) const { *to = read_int(r); }
  void operator()(double* to) const { *to = read_real(r); }
  void operator()(std::string* to) const { *to = read_string(r); }
  void operator()(std::optional<double>* to) const { read_optional(*to, r, read_real); }
  void operator()(std::optional<int64_t>* to) const { read_optional(*to, r, read_int); }
  void operator()(std::vector<int64_t>* to) const { *to = read_list<int64_t>(r, read_int); }
  void operator()(std::vector<double>* to) const { *to = read_list<double>(r, read_real); }
  void operator()(std::vector<std::string>* to) const { *to = read_list<std::string>(r, read_string); }
  void operator()(Duration* to) const { *to = read_duration(r); }
  void operator()(const std::function<void(Fields&)>& list) const { read_section(list, r); }
  void operator()(const TaggedSection& section) const { read_tagged(section, r.value, r.path); }
  void operator()(const TaggedList& list) const { read_tagged_list(list, r); }
};

void read_field(const Field& field, const Value& value, const std::string& path) {
  const Reading r{value, path, field};
  std::visit(ReadInto{r}, field.target);
}

void read_into(const Fields& fields, const Value& map, const std::string& inside) {
  for (const auto& member : map.members) {
    const Field* field = fields.find(member.key);
    const Source& source = member.source.file.empty() ? member.value.source : member.source;
    if (!field) throw UnknownKey{source.str(), inside, member, fields.names()};
    read_field(*field, member.value, dotted(inside, member.key));
  }
}

// By meaning in all sections, its own one first; then the same word in another one; then by spelling here.
std::string meant(const UnknownKey& unknown, const Fields& all) {
  std::vector<std::string> names;
  for (const auto& row : describe_fields(all)) names.push_back(row.at("name").get<std::string>());
  std::vector<std::string> wanted = synonyms(unknown.member.key);
  wanted.push_back(unknown.member.key);
  for (const std::string& word : wanted) {
    const auto is = [&](const std::string& name) { return name == word || name.ends_with("." + word); };
    std::string found;
    for (const std::string& name : names)
      if (is(name) && (found.empty() || name == dotted(unknown.inside, word))) found = name;
    if (!found.empty()) return fmt::format(", did you mean '{}'?", found);
  }
  const std::string near = nearest(unknown.member.key, unknown.siblings);
  if (!near.empty()) return fmt::format(", did you mean '{}'?", dotted(unknown.inside, near));
  return suggestion(unknown.member.key, unknown.siblings);
}

}  // namespace

void read_fields(const Fields& fields, const Value& map, const std::string& inside) {
  try {
    read_into(fields, map, inside);
  } catch (const UnknownKey& unknown) {
    const auto& [own, source, value, merged] = unknown.member;
    const std::string key = dotted(unknown.inside, own),
                      by = merged ? fmt::format(" (by the '<<' on line {})", merged) : "",
                      home = value.anchored ? " (a home of anchors begins with x-, as x-" + key + ")" : "";
    fail("{}unknown key '{}'{}{}{}", unknown.where, key, by, meant(unknown, fields), home);
  }
}

}  // namespace core
