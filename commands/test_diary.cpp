#include "commands/test_diary.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <ostream>

namespace commands {

TestDiary read_test_diary(const std::filesystem::path& file) {
  TestDiary diary;
  std::ifstream in(file);
  for (std::string word, name; in >> word;) {
    TestCase entry;
    if (word == "end") in >> entry.seconds;
    std::getline(in >> std::ws, entry.name);
    diary.running = word == "begin" ? entry.name : "";
    if (word == "end") diary.ended.push_back(entry);
  }
  return diary;
}

void print_slowest(std::vector<TestCase> cases, size_t count, std::ostream& out) {
  std::ranges::stable_sort(cases, std::ranges::greater{}, &TestCase::seconds);
  if (cases.empty()) return;
  cases.resize(std::min(count, cases.size()));
  out << fmt::format("== the {} slowest test cases, in seconds\n", cases.size());
  for (const TestCase& one : cases) out << fmt::format("{:8.1f}  {}\n", one.seconds, one.name);
  out << std::flush;
}

}  // namespace commands
