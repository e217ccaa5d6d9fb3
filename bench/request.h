// What is asked of a speed table.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Request {
  std::string row;    // the one row that is wanted, by its name; empty: all
  int64_t times = 5;  // measurements of each row, of which the middle one is told
  bool json = false;

  bool wants(const std::string& name) const { return row.empty() || row == name; }
  // Error with the nearest name when `row` is none of them.
  void check(const std::vector<std::string>& names) const;
};

}  // namespace bench
