// Options declared once: a struct with defaults and one fields() list; parsing, checking, the resolved config
// in the run file, `describe` and the docs all come from that list.
//
//   struct ReinforceOptions {
//     double gamma = 0.99;
//     void fields(core::Fields& f) {
//       f.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
//     }
//   };
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/duration.h"
#include "core/value.h"

namespace core {

class Fields;

// What a number may be. Bounds are inclusive unless `above` is set.
struct Limits {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above = false;  // min itself is excluded
  const char* unit = "";
  bool path = false;  // a string that names a file or a folder: relative to the file that says it, on the
                      // command line to the caller's folder, and whole from then on
};

// A section whose own fields depend on a name in it, its tag: `env: CartPole-v1` or `env: {id: CartPole-v1,
// precision: fast}`.
struct TaggedSection {
  std::string tag;                                                                // "id" or "name"
  std::string* name;                                                              // the current choice
  std::function<void(const std::string& name, const std::string& where)> choose;  // throws on an unknown name
  std::function<void(Fields&)> fields;                                            // of the current choice
  bool path = false;  // the name is a path, as Limits::path says, and the fields are the same for any
  bool has_fields() const { return path || !name->empty(); }
};

// A list of such sections: `wrappers: [clip_action, {name: frame_stack, n: 4}]`.
struct TaggedList {
  std::function<void()> clear;
  std::function<TaggedSection()> append;
  std::function<std::vector<TaggedSection>()> items;
};

struct Field {
  template <class... Sections>
  using OneOf = std::variant<bool*, int64_t*, double*, std::string*, std::optional<double>*,
                             std::optional<int64_t>*, std::vector<int64_t>*, std::vector<double>*,
                             std::vector<std::string>*, Duration*, Sections...>;
  using Plain = OneOf<>;
  using Target = OneOf<std::function<void(Fields&)>, TaggedSection, TaggedList>;
  std::string name;
  Target target;
  std::string sentence;
  Limits limits;
  std::vector<std::string> choices = {};  // of a string; none: any text
  std::string formerly = {};              // the name it had before, by which old runs' configs call it
};

// The list that fields() fills. Targets point into the option struct, which must outlive the list.
class Fields {
 public:
  // Nothing is copied or destroyed where add() stands: a list of options costs the compiler little.
  template <class T>
  void add(const char* name, T& value, const char* sentence, const Limits& limits = {}) {
    add_plain(name, &value, sentence, limits);
  }
  template <class T>
  void add(const std::string& name, T& value, const std::string& sentence, const Limits& limits = {}) {
    add_plain(name.c_str(), &value, sentence.c_str(), limits);
  }
  // A string that must be one of `choices`.
  void choice(std::string name, std::string& value, std::string sentence, std::vector<std::string> choices);
  template <class Options>
  void section(std::string name, Options& options, std::string sentence) {
    list_.push_back({std::move(name), [&options](Fields& f) { options.fields(f); }, std::move(sentence), {}});
  }
  // A section made of several lists.
  void list_section(std::string name, std::function<void(Fields&)> list, std::string sentence) {
    list_.push_back({std::move(name), std::move(list), std::move(sentence), {}});
  }
  void tagged(std::string name, TaggedSection section, std::string sentence) {
    list_.push_back({std::move(name), std::move(section), std::move(sentence), {}});
  }
  template <class Item>  // with tagged()
  void tagged_list(std::string name, std::vector<Item>& items, std::string sentence) {
    const auto each = [&items] {
      std::vector<TaggedSection> all;
      all.reserve(items.size());
      for (Item& item : items) all.push_back(item.tagged());
      return all;
    };
    list_.push_back(
        {std::move(name),
         TaggedList{[&items] { items.clear(); }, [&items] { return items.emplace_back().tagged(); }, each},
         std::move(sentence),
         {}});
  }
  // Adds to the section of this name, where there is one.
  void extend(std::string_view section, std::function<void(Fields&)> list);
  // The field `name` is read by this name, too: runs of before stay readable.
  void formerly(std::string_view name, std::string old);
  const std::vector<Field>& list() const { return list_; }
  const Field* find(std::string_view name) const;  // by its name or its former one; null where there is none
  std::vector<std::string> names() const;

 private:
  void add_plain(const char* name, Field::Plain value, const char* sentence, const Limits& limits);

  std::vector<Field> list_;
};

// Reads `map` into the fields. Every key must be known; types and limits are checked; Errors carry file,
// line, column, what was expected, what was found, and the nearest known key. `inside` is the dotted path for
// messages ("optim").
void read_fields(const Fields& fields, const Value& map, const std::string& inside = "");
// The current values as a tree (the resolved config), and one of them.
Value write_fields(const Fields& fields);
Value field_value(const Field& field);
// [{name: "optim.lr", default, type, unit, range, sentence}, ...], sections flattened with dotted names.
nlohmann::json describe_fields(const Fields& fields, const std::string& prefix = "");

// "optim.lr" of a field in a section; at the top its own name.
std::string dotted(const std::string& inside, const std::string& name);
// What the limits allow: "0 .. 1", "above 0", ""; without the unit.
std::string range_text(const Limits& limits);

template <class Options>
void read_options(Options& options, const Value& map, const std::string& inside = "") {
  Fields fields;
  options.fields(fields);
  read_fields(fields, map, inside);
}
template <class Options>
Value write_options(Options& options) {
  Fields fields;
  options.fields(fields);
  return write_fields(fields);
}

}  // namespace core
