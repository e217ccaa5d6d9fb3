// What `describe` and the documentation say of each field: a row of its name, type, default, range, sentence.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "core/options.h"

namespace core {

namespace {

// One word for each type that a field may have.
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
  const char* operator()(const TaggedSection&) const { return "name or section"; }
  const char* operator()(const TaggedList&) const { return "list of names or sections"; }
};

std::string flow(const Value& value) {
  std::string text = to_yaml(value);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

// Its own row; what lies in a section follows in rows of its own.
static nlohmann::json describe_field(const Field& field, const std::string& name) {
  const auto* tagged = std::get_if<TaggedSection>(&field.target);
  const bool section = std::holds_alternative<std::function<void(Fields&)>>(field.target);
  nlohmann::json row{
      {"name", name}, {"type", std::visit(TypeName{}, field.target)}, {"sentence", field.sentence}};
  row["unit"] = field.limits.unit;
  row["range"] =
      field.choices.empty() ? range_text(field.limits) : fmt::format("{}", fmt::join(field.choices, " | "));
  row["default"] = section ? "" : tagged ? *tagged->name : flow(field_value(field));
  return row;
}

static Fields fields_within(const Field& field) {
  Fields inner;
  if (const auto* section = std::get_if<std::function<void(Fields&)>>(&field.target)) (*section)(inner);
  if (const auto* tagged = std::get_if<TaggedSection>(&field.target); tagged && tagged->has_fields())
    tagged->fields(inner);
  return inner;
}

nlohmann::json describe_fields(const Fields& fields, const std::string& prefix) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Field& field : fields.list()) {
    const std::string name = dotted(prefix, field.name);
    rows.push_back(describe_field(field, name));
    for (auto& inner : describe_fields(fields_within(field), name)) rows.push_back(std::move(inner));
  }
  return rows;
}

}  // namespace core
