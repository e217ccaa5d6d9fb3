// The values that the fields point at, as a tree: WriteOut is one function for each type.
#include "core/options.h"

namespace core {

namespace {

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

Value tagged_value(const TaggedSection& section) {
  if (section.name->empty()) return {};
  Value map = Value::map();
  map.set(section.tag, Value::string(*section.name));
  Fields fields;
  section.fields(fields);
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

// One function for each type that a field may have.
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
  Value operator()(const TaggedSection& section) const { return tagged_value(section); }
  Value operator()(const TaggedList& list) const { return list_value(list.items(), tagged_value); }
};

}  // namespace

Value field_value(const Field& field) { return std::visit(WriteOut{}, field.target); }

Value write_fields(const Fields& fields) {
  Value map = Value::map();
  for (const Field& field : fields.list()) map.set(field.name, field_value(field));
  return map;
}

}  // namespace core
