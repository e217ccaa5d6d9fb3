// What a test program ran: it writes a line at each test case's begin and end (tests/main.cpp), so that the
// one that was running is known however the program died.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace commands {

struct TestCase {
  double seconds = 0;
  std::string name;
};

struct TestDiary {
  std::vector<TestCase> ended;
  std::string running;  // begun and not ended; "" when the program had none in hand
};

TestDiary read_test_diary(const std::filesystem::path& file);

// The slowest first, at most `count` of them.
void print_slowest(std::vector<TestCase> cases, size_t count, std::ostream& out);

}  // namespace commands
