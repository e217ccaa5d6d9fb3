// How far rows of ours lie from recorded ones where they cannot be equal: each quantity's errors over a whole
// file, held to what was measured once.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tests {

// Errors of one quantity in one kind of row, as measured: half of them are at most `median`, nine of ten at
// most `tenth`, all at most `most`.
struct Measured {
  const char *kind, *name;
  double median, tenth, most;
};

class Errors {
 public:
  void add(const std::string& kind, const std::string& name, double error);
  // The median (of 20 errors and more) and the tenth (of 100) may be twice what was measured, the largest
  // three times: a touch of the ground may go another way.
  void check(const std::string& file, std::span<const Measured> measured);

 private:
  std::map<std::pair<std::string, std::string>, std::vector<double>> errors_;
};

}  // namespace tests
