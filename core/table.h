// An explicit, alphabetical table of what a folder offers; a lookup that fails names the nearest entry.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/nearest.h"

namespace core {

// Entry has `name` and `sentence`. `kind` is the word used in messages ("env", "agent", ...).
template <class Entry>
class Table {
 public:
  Table(std::string kind, std::vector<Entry> entries)
      : kind_(std::move(kind)), entries_(std::move(entries)) {}

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  const Entry* find(std::string_view name) const {
    for (const Entry& entry : entries_)
      if (entry.name == name) return &entry;
    return nullptr;
  }
  // `where` prefixes the message: "file.yaml:3:6: ".
  const Entry& at(std::string_view name, std::string_view where = "") const {
    const Entry* entry = find(name);
    check(entry, "{}unknown {} '{}'{}", where, kind_, name, suggestion(name, names()));
    return *entry;
  }
  // In alphabetical order, or in the place of the one of its name.
  void put(Entry entry) {
    std::erase_if(entries_, [&](const Entry& other) { return other.name == entry.name; });
    const auto before = [](const Entry& a, const Entry& b) { return a.name < b.name; };
    entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry, before), std::move(entry));
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const Entry& entry : entries_) all.push_back(entry.name);
    return all;
  }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace core
