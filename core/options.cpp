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
#include "core/synonyms.h"

namespace core {

const char* unit_name(Unit unit) {
  static constexpr const char* names[] = {"run", "steps", "epochs", "samples", "env_steps", "minutes"};
  return names[static_cast<size_t>(unit)];
}

double parse_number(const std::string& text) {
  std::string digits = text;
  double factor = 1;
  if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'M')) {
    factor = digits.back() == 'k' ? 1e3 : 1e6;
    digits.pop_back();
  }
  if (digits == ".inf" || digits == "inf") return std::numeric_limits<double>::infinity();
  double number = 0;
  const char* first = digits.data() + (digits.size() > 1 && digits[0] == '+' ? 1 : 0);
  const auto [end, error] = std::from_chars(first, digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) throw std::invalid_argument(text);
  return number * factor;
}

std::string print_number(double number) {
  if (std::isinf(number)) return number > 0 ? ".inf" : "-.inf";
  if (std::floor(number) == number && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{}", number);
}

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

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

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
        value.kind == Value::Kind::scalar ? "'" + value.scalar + "'" : value.kind_name();
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

double read_double(const Reading& r, const char* kind = "a number") {
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

std::string read_string(const Reading& r) {
  const auto& choices = r.field.choices;
  if (r.value.kind != Value::Kind::scalar)
    r.expected(choices.empty() ? "text" : fmt::format("one of {}", fmt::join(choices, " | ")));
  if (!choices.empty() && std::find(choices.begin(), choices.end(), r.value.scalar) == choices.end())
    fail("{}{}: expected one of {}, found '{}'{}", r.value.source.str(), r.path, fmt::join(choices, " | "),
         r.value.scalar, nearest(r.value.scalar, choices).empty() ? "" : suggestion(r.value.scalar, choices));
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
    return {read_double(r, "a number (in the budget's unit) or {unit: number}"), Unit::run};
  if (r.value.members.size() == 1)
    for (const Unit unit : units)
      if (r.value.members[0].key == unit_name(unit))
        return {read_double({r.value.members[0].value, r.path, r.field}), unit};
  r.expected("exactly one of steps, epochs, samples, env_steps, minutes");
}

// A key that its section does not know; whoever knows all sections says where it may belong.
struct UnknownKey {
  std::string where, inside, key;
  std::vector<std::string> siblings;
};

void read_into(const Fields& fields, const Value& map, const std::string& inside);

void read_chosen(const Chosen& chosen, const Value& value, const std::string& path) {
  const Value* name = value.is_map() ? value.find(chosen.key) : &value;
  if (value.is_map() && !name) name = value.find("");
  if (name) {
    check(name->kind == Value::Kind::scalar, "{}{}: expected a name or {{{}: NAME, ...}}, found {}",
          value.source.str(), path, chosen.key, name->kind_name());
    chosen.choose(name->scalar, name->source.str());
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

void read_field(const Field& field, const Value& value, const std::string& path) {
  const Reading r{value, path, field};
  const auto read_optional = [&](auto* target, auto read) {
    if (value.is_null())
      target->reset();
    else
      *target = read(r);
  };
  std::visit(Overloaded{[&](bool* t) { *t = read_bool(r); }, [&](int64_t* t) { *t = read_int(r); },
                        [&](double* t) { *t = read_double(r); }, [&](std::string* t) { *t = read_string(r); },
                        [&](std::optional<double>* t) {
                          read_optional(t, [](const Reading& x) { return read_double(x); });
                        },
                        [&](std::optional<int64_t>* t) { read_optional(t, read_int); },
                        [&](std::vector<int64_t>* t) { *t = read_list<int64_t>(r, read_int); },
                        [&](std::vector<double>* t) {
                          *t = read_list<double>(r, [](const Reading& x) { return read_double(x); });
                        },
                        [&](std::vector<std::string>* t) { *t = read_list<std::string>(r, read_string); },
                        [&](Duration* t) { *t = read_duration(r); },
                        [&](const std::function<void(Fields&)>& list) { read_section(list, r); },
                        [&](const Chosen& chosen) { read_chosen(chosen, value, path); },
                        [&](const ChosenList& list) { read_chosen_list(list, r); }},
             field.target);
}

void read_into(const Fields& fields, const Value& map, const std::string& inside) {
  for (const auto& member : map.members) {
    const Field* field = fields.find(member.key);
    const Source& source = member.source.file.empty() ? member.value.source : member.source;
    if (!field) throw UnknownKey{source.str(), inside, member.key, fields.names()};
    read_field(*field, member.value, joined(inside, member.key));
  }
}

// What the word stands for elsewhere is sought in all sections, its own one first; then the same word in
// another section; then what is spelt like it here.
std::string meant(const UnknownKey& unknown, const Fields& all) {
  std::vector<std::string> names;
  for (const auto& row : describe_fields(all)) names.push_back(row.at("name").get<std::string>());
  std::vector<std::string> wanted = synonyms(unknown.key);
  wanted.push_back(unknown.key);
  for (const std::string& word : wanted) {
    const auto is = [&](const std::string& name) { return name == word || name.ends_with("." + word); };
    std::string found;
    for (const std::string& name : names)
      if (is(name) && (found.empty() || name == joined(unknown.inside, word))) found = name;
    if (!found.empty()) return fmt::format(", did you mean '{}'?", found);
  }
  return suggestion(unknown.key, unknown.siblings);
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
  Value map = Value::map();
  map.set(chosen.key, Value::string(*chosen.name));
  Fields fields;
  if (!chosen.name->empty()) chosen.fields(fields);
  for (auto& member : write_fields(fields).members) map.set(member.key, std::move(member.value));
  return map;
}

Value field_value(const Field& field) {
  const auto number = [](double x) { return Value::of(print_number(x)); };
  const auto whole = [](int64_t x) { return Value::of(std::to_string(x)); };
  return std::visit(
      Overloaded{[](const bool* t) { return Value::of(*t ? "true" : "false"); },
                 [&](const int64_t* t) { return whole(*t); }, [&](const double* t) { return number(*t); },
                 [](const std::string* t) { return Value::string(*t); },
                 [&](const std::optional<double>* t) { return *t ? number(**t) : Value{}; },
                 [&](const std::optional<int64_t>* t) { return *t ? whole(**t) : Value{}; },
                 [&](const std::vector<int64_t>* t) { return list_value(*t, whole); },
                 [&](const std::vector<double>* t) { return list_value(*t, number); },
                 [&](const std::vector<std::string>* t) { return list_value(*t, Value::string); },
                 [](const Duration* t) { return duration_value(*t); },
                 [](const std::function<void(Fields&)>& list) {
                   Fields fields;
                   list(fields);
                   return write_fields(fields);
                 },
                 [](const Chosen& chosen) { return chosen_value(chosen); },
                 [](const ChosenList& list) { return list_value(list.items(), chosen_value); }},
      field.target);
}

const char* type_name(const Field::Target& target) {
  static constexpr const char* names[] = {"true | false",
                                          "whole number",
                                          "number",
                                          "text",
                                          "number or null",
                                          "whole number or null",
                                          "list of whole numbers",
                                          "list of numbers",
                                          "list of texts",
                                          "duration",
                                          "section",
                                          "name or section",
                                          "list of names or sections"};
  return names[target.index()];
}

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
    fail("{}unknown key '{}'{}", unknown.where, joined(unknown.inside, unknown.key), meant(unknown, fields));
  }
}

Value write_fields(const Fields& fields) {
  Value map = Value::map();
  for (const Field& field : fields.list()) map.set(field.name, field_value(field));
  return map;
}

nlohmann::json describe_fields(const Fields& fields, const std::string& prefix) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Field& field : fields.list()) {
    const std::string name = joined(prefix, field.name);
    nlohmann::json row{{"name", name}, {"type", type_name(field.target)}, {"sentence", field.sentence}};
    const auto* section = std::get_if<std::function<void(Fields&)>>(&field.target);
    const auto* chosen = std::get_if<Chosen>(&field.target);
    row["unit"] = field.limits.unit;
    row["range"] =
        field.choices.empty() ? range_text(field.limits) : fmt::format("{}", fmt::join(field.choices, " | "));
    row["default"] = section ? "" : chosen ? *chosen->name : flow(field_value(field));
    rows.push_back(std::move(row));
    Fields inner;
    if (section) (*section)(inner);
    if (chosen && !chosen->name->empty()) chosen->fields(inner);
    for (auto& sub : describe_fields(inner, name)) rows.push_back(std::move(sub));
  }
  return rows;
}

}  // namespace core
