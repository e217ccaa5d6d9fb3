// A field is a name, a sentence, limits, and a pointer to its value, typed by a variant (Field::Target). The
// trick: three walks over that variant do all that options need. ReadInto (options_read.cpp) writes what a
// file says through the pointer, WriteOut (options_write.cpp) gives the value back, TypeName
// (options_describe.cpp) says what it is; each is one function for each type, so that a type that is added
// does not compile until all three know it. Sections are fields that hold fields, so that the walks call
// themselves.
#include "core/options.h"

#include <fmt/format.h>

#include <cmath>

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
    if (field.name == name || (!field.formerly.empty() && field.formerly == name)) return &field;
  return nullptr;
}

std::vector<std::string> Fields::names() const {
  std::vector<std::string> names;
  for (const Field& field : list_) names.push_back(field.name);
  return names;
}

void Fields::extend(std::string_view section, std::function<void(Fields&)> list) {
  for (Field& field : list_)
    if (auto* own = std::get_if<std::function<void(Fields&)>>(&field.target); own && field.name == section) {
      *own = [first = *own, then = std::move(list)](Fields& f) {
        first(f);
        then(f);
      };
      return;
    }
}

void Fields::formerly(std::string_view name, std::string old) {
  for (Field& field : list_)
    if (field.name == name) field.formerly = std::move(old);
}

std::string dotted(const std::string& inside, const std::string& name) {
  return inside.empty() ? name : inside + "." + name;
}

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

}  // namespace core
