// The one exception type, and the one way to refuse what a user got wrong.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace core {

// Exit codes of the program (README, "Exit codes").
enum class Exit { ok = 0, failed = 1, bad_input = 2, missing_package = 3 };

// Thrown for everything a user can get wrong (bad_input) and for runs that fail (failed). Caught only in main
// and in tests. The message is complete: what was expected, what was found, and where.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, Exit exit = Exit::bad_input)
      : std::runtime_error(message), exit_(exit) {}
  Exit exit() const { return exit_; }

 private:
  Exit exit_;
};

// Throws Error(bad_input) with a formatted message unless `condition` holds.
template <class... Args>
void check(bool condition, fmt::format_string<Args...> format, Args&&... args) {
  if (!condition) throw Error(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace core
