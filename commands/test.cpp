#include "commands/test.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <vector>

#include "commands/places.h"
#include "commands/sibling.h"
#include "commands/test_diary.h"
#include "core/crash.h"
#include "core/error.h"
#include "render/files.h"

namespace commands {
namespace {

constexpr int none_matched = 77;  // as tests/main.cpp says it

std::filesystem::path existing(const std::string& program) {
  std::filesystem::path path = program_folder() / program;
  if (!std::filesystem::exists(path))
    throw core::Error(path.string() + ": is missing; `./atelier test` from the repository builds it",
                      core::Exit::missing_package);
  return path;
}

void write_to(const std::filesystem::path& file) {
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out >= 0) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::close(out);
  }
}

// What a program said, without the list of its cases that a share of them begins with.
void print_output(const std::filesystem::path& file) {
  std::ifstream output(file);
  for (std::string line; std::getline(output, line);)
    if (!line.starts_with("Filters: ")) std::cout << line << '\n';
  std::cout << std::flush;
}

// A test program at work, beside this process. `share`: which of its cases, as tests/main.cpp reads it, and
// then it keeps its output in a file until it has ended; "" is all of them.
class Playing {
 public:
  Playing(std::string program, const std::string& tag, std::string share)
      : program_(std::move(program)), share_(std::move(share)) {
    if (share_.empty()) std::cout << "== " << program_ << std::endl;
    std::vector<std::string> words{existing(program_).string()};
    if (!tag.empty()) words.push_back("[" + tag + "]");
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child_ = ::fork();
    if (child_ != 0) return;
    ::setenv("ATELIER_TEST_DIARY", diary_.c_str(), 1);
    if (!share_.empty()) {
      ::setenv("ATELIER_TEST_SHARE", share_.c_str(), 1);
      write_to(output_);
    }
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  // The status with which it ended, as waitpid gives it.
  int wait() {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    if (share_.empty()) return status;
    std::cout << "== " << program_ << ", share " << share_ << std::endl;
    print_output(output_);
    return status;
  }
  const std::string& program() const { return program_; }
  TestDiary diary() const { return read_test_diary(diary_); }

 private:
  std::string program_, share_;
  render::ScratchFolder scratch_;
  std::filesystem::path diary_ = scratch_ / "diary", output_ = scratch_ / "output";
  pid_t child_ = 0;
};

// A program that died cannot say itself which test case killed it.
void tell_death(const std::string& program, int signal, const TestDiary& diary) {
  std::cout << fmt::format("== {} died of {}, {}", program, core::signal_name(signal),
                           !diary.running.empty() ? "in the test case \"" + diary.running + "\""
                           : diary.ended.empty()  ? "before its first test case"
                                                  : "after the test case \"" + diary.ended.back().name + "\"")
            << std::endl;
}

struct Tally {
  size_t programs = 0, failed = 0, empty = 0;
  std::vector<TestCase> ended;
};

void take(Playing& playing, Tally& tally) {
  const int status = playing.wait();
  const TestDiary diary = playing.diary();
  tally.ended.insert(tally.ended.end(), diary.ended.begin(), diary.ended.end());
  if (WIFSIGNALED(status)) tell_death(playing.program(), WTERMSIG(status), diary);
  const bool empty = WIFEXITED(status) && WEXITSTATUS(status) == none_matched;
  ++tally.programs;
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
  Tally tally;
  // The tests of programs take as long as all others three times over, one process after the other: two
  // thirds of them run behind the others, the rest after these.
  Playing behind("tests_programs", name, "0-1/3");
  std::vector<std::pair<std::string, std::string>> programs{
      {"tests_plain", ""}, {"tests_torch", ""}, {"tests_programs", "2-2/3"}};
  if (name == "memory")
    programs.emplace_back("tests_memory", "");  // minutes: not part of the tests without a name
  for (const auto& [program, share] : programs) {
    Playing front(program, name, share);
    take(front, tally);
  }
  take(behind, tally);
  core::check(tally.empty < tally.programs, "no test has the tag [{}]; the folders of tests/ are tags", name);
  print_slowest(tally.ended, 10, std::cout);
  return tally.failed > 0 ? 1 : 0;
}

}  // namespace commands
