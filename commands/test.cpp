#include "commands/test.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <vector>

#include "commands/places.h"
#include "commands/sibling.h"
#include "commands/test_diary.h"
#include "core/crash.h"
#include "core/error.h"
#include "core/path.h"

namespace commands {
namespace {

constexpr int none_matched = 77;  // as tests/main.cpp says it

// A file of this process's own, empty and removed at the end.
class DiaryFile {
 public:
  DiaryFile() : path_(core::temporary_folder() / fmt::format("atelier-test-diary-{}", ::getpid())) {
    std::filesystem::remove(path_);
  }
  ~DiaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  DiaryFile(const DiaryFile&) = delete;
  DiaryFile& operator=(const DiaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::filesystem::path existing(const std::string& program) {
  std::filesystem::path path = program_folder() / program;
  if (!std::filesystem::exists(path))
    throw core::Error(path.string() + ": is missing; `./atelier test` from the repository builds it",
                      core::Exit::missing_package);
  return path;
}

// The status with which it ended, as waitpid gives it.
int play(const std::filesystem::path& program, const std::string& tag, const DiaryFile& diary) {
  std::cout << "== " << program.filename().string() << std::endl;
  std::vector<std::string> words{program.string()};
  if (!tag.empty()) words.push_back("[" + tag + "]");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::setenv("ATELIER_TEST_DIARY", diary.path().c_str(), 1);
  const pid_t child = ::fork();
  if (child == 0) ::execv(argv[0], argv.data()), ::_exit(127);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// A program that died cannot say itself which test case killed it.
void tell_death(const std::string& program, int signal, const TestDiary& diary) {
  std::cout << fmt::format("== {} died of {}, {}", program, core::signal_name(signal),
                           !diary.running.empty() ? "in the test case \"" + diary.running + "\""
                           : diary.ended.empty()  ? "before its first test case"
                                                  : "after the test case \"" + diary.ended.back().name + "\"")
            << std::endl;
}

struct Tally {
  size_t failed = 0, empty = 0;
  std::vector<TestCase> ended;
};

void take(const std::string& program, const std::string& tag, Tally& tally) {
  const DiaryFile file;
  const int status = play(existing(program), tag, file);
  const TestDiary diary = read_test_diary(file.path());
  tally.ended.insert(tally.ended.end(), diary.ended.begin(), diary.ended.end());
  if (WIFSIGNALED(status)) tell_death(program, WTERMSIG(status), diary);
  const bool empty = WIFEXITED(status) && WEXITSTATUS(status) == none_matched;
  tally.empty += empty;
  tally.failed += status != 0 && !empty;
}

}  // namespace

int test(const std::string& name) {
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
      std::string::npos;
  core::check(plain, "test: expected a tag such as golden or envs, found '{}'", name);
  set_libraries();
  std::vector<std::string> programs{"tests_plain", "tests_torch", "tests_programs"};
  if (name == "memory") programs.push_back("tests_memory");  // minutes: not part of the tests without a name
  Tally tally;
  for (const std::string& program : programs) take(program, name, tally);
  core::check(tally.empty < programs.size(), "no test has the tag [{}]; the folders of tests/ are tags",
              name);
  print_slowest(tally.ended, 10, std::cout);
  return tally.failed > 0 ? 1 : 0;
}

}  // namespace commands
