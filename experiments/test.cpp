#include "experiments/test.h"

#include <sys/wait.h>

#include <array>
#include <cstdlib>
#include <iostream>

#include "core/error.h"
#include "experiments/places.h"
#include "experiments/sibling.h"

namespace experiments {

int test(const std::string& name) {
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
      std::string::npos;
  core::check(plain, "test: expected a tag such as golden or envs, found '{}'", name);
  static constexpr std::array programs{"tests_plain", "tests_torch", "tests_programs"};
  rest_idle_workers();
  static constexpr int none_matched = 77;  // as tests/main.cpp says it
  size_t failed = 0, empty = 0;
  for (const std::string program : programs) {
    const std::filesystem::path path = program_folder() / program;
    if (!std::filesystem::exists(path))
      throw core::Error(path.string() + ": is missing; `./atelier test` from the repository builds it",
                        core::Exit::missing_package);
    std::cout << "== " << program << std::endl;
    std::string command = "'" + path.string() + "'";
    if (!name.empty()) command += " '[" + name + "]'";
    const int status = std::system(command.c_str());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    failed += code != 0 && code != none_matched;
    empty += code == none_matched;
  }
  core::check(empty < programs.size(), "no test has the tag [{}]; the folders of tests/ are tags", name);
  return failed > 0 ? 1 : 0;
}

}  // namespace experiments
