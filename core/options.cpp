// A field is a name, a sentence, limits, and a pointer to its value, typed by a variant (Field::Target). The
// trick: three walks over that variant do all that options need. ReadInto writes what a file says through the
// pointer, WriteOut gives the value back, TypeName says what it is; each is one function for each type, so
// that a type that is added does not compile until all three know it. Sections are fields that hold fields,
// so that the first two walks call themselves.
#include "core/options.h"

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
#include "core/shown.h"
#include "core/synonyms.h"

namespace core {

void Fields::add_plain(const char* name, Field::Plain value, const char* sentence, const Limits& limits) {
  std::visit([&](auto* at) { list_.push_back({name, at, sentence, limits}); }, value);
}

void Fields::choice(std::string name, std::string& value, std::string sentence,
                    std::vector<std::string> choices) {
  list_.push_back({std::move(name), &value, std::move(sentence), {}, std::move(choices)});
}

const Field* Fields::find(std::string_view name) const {
  for (const Field& field : list_)
    if (field.name == name) return &field;
  return nullptr;
}

std::vector<std::string> Fields::names() const {
  std::vector<std::string> names;
  for (const Field& field : list_) names.push_back(field.name);
  return names;
}

namespace {

std::string joined(const std::string& inside, const std::string& name) {
  return inside.empty() ? name : inside + "." + name;
}

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

std::string range_text(const Limits& limits) {
  const bool low = std::isfinite(limits.min), high = std::isfinite(limits.max);
  const bool widest = limits.max >= 9223372036854775807.0;  // a double cannot say it exactly
  const std::string min = print_number(limits.min),
                    max = widest && high ? "2^63 - 1" : print_number(limits.max);
  if (low && high)
    return limits.above ? fmt::format("above {} up to {}", min, max) : fmt::format("{} .. {}", min, max);
  if (low) return limits.above ? fmt::format("above {}", min) : fmt::format("at least {}", min);
  return high ? fmt::format("at most {}", max) : "";
}

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

void read_chosen(const Chosen& chosen, const Value& value, const std::string& path) {
  if (value.is_null() && chosen.name->empty()) return;  // nothing is chosen, as it was written
  const Value* name = value.is_map() ? value.find(chosen.key) : &value;
  if (value.is_map() && !name) name = value.find("");
  if (name) {
    check(name->kind == Value::Kind::scalar, "{}{}: expected a name or {{{}: NAME, ...}}, found {}",
          value.source.str(), path, chosen.key, name->kind_name());
    if (chosen.path && name->scalar.empty() && !value.is_map()) return;
    chosen.choose(chosen.path ? whole_path(*name) : name->scalar, name->source.str());
  }
  check(!chosen.name->empty(), "{}{}: lacks its '{}'", value.source.str(), path, chosen.key);
  if (!value.is_map()) return;
  Value rest = value;
  std::erase_if(rest.members,
                [&](const auto& member) { return member.key == chosen.key || member.key.empty(); });
  Fields fields;
  chosen.fields(fields);
  read_into(fields, rest, path);
}

void read_chosen_list(const ChosenList& list, const Reading& r) {
  if (r.value.kind != Value::Kind::list) r.expected("a list of names or sections");
  list.clear();
  for (const Value& item : r.value.items) read_chosen(list.append(), item, r.path);
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
  void operator()(const Chosen& chosen) const { read_chosen(chosen, r.value, r.path); }
  void operator()(const ChosenList& list) const { read_chosen_list(list, r); }
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
    read_field(*field, member.value, joined(inside, member.key));
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
      if (is(name) && (found.empty() || name == joined(unknown.inside, word))) found = name;
    if (!found.empty()) return fmt::format(", did you mean '{}'?", found);
  }
  const std::string near = nearest(unknown.member.key, unknown.siblings);
  if (!near.empty()) return fmt::format(", did you mean '{}'?", joined(unknown.inside, near));
  return suggestion(unknown.member.key, unknown.siblings);
}

template <class T, class Write>
Value list_value(const std::vector<T>& list, Write write) {
  Value value{.kind = Value::Kind::list};
  for (const T& item : list) value.items.push_back(write(item));
  return value;
}

Value duration_value(const Duration& duration) {
  Value amount = Value::of(print_number(duration.amount));
  if (duration.unit == Unit::run) return amount;
  Value map = Value::map();
  map.set(unit_name(duration.unit), amount);
  return map;
}

Value chosen_value(const Chosen& chosen) {
  if (chosen.name->empty()) return {};
  Value map = Value::map();
  map.set(chosen.key, Value::string(*chosen.name));
  Fields fields;
  chosen.fields(fields);
  for (auto& member : write_fields(fields).members) map.set(member.key, std::move(member.value));
  return map;
}

Value number_value(double number) { return Value::of(print_number(number)); }

Value whole_value(int64_t number) { return Value::of(std::to_string(number)); }

Value section_value(const std::function<void(Fields&)>& list) {
  Fields fields;
  list(fields);
  return write_fields(fields);
}

// The same types, the other way.
struct WriteOut {
  Value operator()(const bool* from) const { return Value::of(*from ? "true" : "false"); }
  Value operator()(const int64_t* from) const { return whole_value(*from); }
  Value operator()(const double* from) const { return number_value(*from); }
  Value operator()(const std::string* from) const { return Value::string(*from); }
  Value operator()(const std::optional<double>* from) const { return *from ? number_value(**from) : Value{}; }
  Value operator()(const std::optional<int64_t>* from) const { return *from ? whole_value(**from) : Value{}; }
  Value operator()(const std::vector<int64_t>* from) const { return list_value(*from, whole_value); }
  Value operator()(const std::vector<double>* from) const { return list_value(*from, number_value); }
  Value operator()(const std::vector<std::string>* from) const { return list_value(*from, Value::string); }
  Value operator()(const Duration* from) const { return duration_value(*from); }
  Value operator()(const std::function<void(Fields&)>& list) const { return section_value(list); }
  Value operator()(const Chosen& chosen) const { return chosen_value(chosen); }
  Value operator()(const ChosenList& list) const { return list_value(list.items(), chosen_value); }
};

Value field_value(const Field& field) { return std::visit(WriteOut{}, field.target); }

// And what each is called.
struct TypeName {
  const char* operator()(bool*) const { return "true | false"; }
  const char* operator()(int64_t*) const { return "whole number"; }
  const char* operator()(double*) const { return "number"; }
  const char* operator()(std::string*) const { return "text"; }
  const char* operator()(std::optional<double>*) const { return "number or null"; }
  const char* operator()(std::optional<int64_t>*) const { return "whole number or null"; }
  const char* operator()(std::vector<int64_t>*) const { return "list of whole numbers"; }
  const char* operator()(std::vector<double>*) const { return "list of numbers"; }
  const char* operator()(std::vector<std::string>*) const { return "list of texts"; }
  const char* operator()(Duration*) const { return "duration"; }
  const char* operator()(const std::function<void(Fields&)>&) const { return "section"; }
  const char* operator()(const Chosen&) const { return "name or section"; }
  const char* operator()(const ChosenList&) const { return "list of names or sections"; }
};

std::string flow(const Value& value) {
  std::string text = to_yaml(value);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void read_fields(const Fields& fields, const Value& map, const std::string& inside) {
  try {
    read_into(fields, map, inside);
  } catch (const UnknownKey& unknown) {
    const auto& [own, source, value, merged] = unknown.member;
    const std::string key = joined(unknown.inside, own),
                      by = merged ? fmt::format(" (by the '<<' on line {})", merged) : "",
                      home = value.anchored ? " (a home of anchors begins with x-, as x-" + key + ")" : "";
    fail("{}unknown key '{}'{}{}{}", unknown.where, key, by, meant(unknown, fields), home);
  }
}

Value write_fields(const Fields& fields) {
  Value map = Value::map();
  for (const Field& field : fields.list()) map.set(field.name, field_value(field));
  return map;
}

// Its own row; what lies in a section follows in rows of its own.
static nlohmann::json describe_field(const Field& field, const std::string& name) {
  const auto* chosen = std::get_if<Chosen>(&field.target);
  const bool section = std::holds_alternative<std::function<void(Fields&)>>(field.target);
  nlohmann::json row{
      {"name", name}, {"type", std::visit(TypeName{}, field.target)}, {"sentence", field.sentence}};
  row["unit"] = field.limits.unit;
  row["range"] =
      field.choices.empty() ? range_text(field.limits) : fmt::format("{}", fmt::join(field.choices, " | "));
  row["default"] = section ? "" : chosen ? *chosen->name : flow(field_value(field));
  return row;
}

static Fields fields_within(const Field& field) {
  Fields inner;
  if (const auto* section = std::get_if<std::function<void(Fields&)>>(&field.target)) (*section)(inner);
  if (const auto* chosen = std::get_if<Chosen>(&field.target); chosen && chosen->has_fields())
    chosen->fields(inner);
  return inner;
}

nlohmann::json describe_fields(const Fields& fields, const std::string& prefix) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Field& field : fields.list()) {
    const std::string name = joined(prefix, field.name);
    rows.push_back(describe_field(field, name));
    for (auto& inner : describe_fields(fields_within(field), name)) rows.push_back(std::move(inner));
  }
  return rows;
}

}  // namespace core
