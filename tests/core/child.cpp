// Programs are started by argument vectors: no shell reads a word.
#include "core/child.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::child {

TEST_CASE("a program gets its words as they are, and tells how it ended", "[core]") {
  const std::string evil = "it's; touch pwned $(touch pwned) `touch pwned` \"\\";
  CHECK(core::first_line_of({"printf", "%s\\nsecond", evil}) == evil);
  CHECK(core::first_line_of({"false"}).empty());
  CHECK(core::first_line_of({"no-such-program-anywhere"}).empty());
  CHECK(core::run_to_end({.words = {"true"}}) == 0);
  CHECK(core::run_to_end({.words = {"sh", "-c", "exit 7"}}) == 7);
  CHECK(core::run_to_end({.words = {"sh", "-c", "kill -TERM $$"}}) == 128 + 15);
  CHECK(core::run_to_end({.words = {"no-such-program-anywhere"}}) == 127);
}

TEST_CASE("a program works in the folder and with the streams that it is given", "[core]") {
  const Scratch scratch;
  const int log = ::open((scratch / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(log >= 0);
  CHECK(core::run_to_end(
            {.words = {"sh", "-c", "pwd >&2; touch here"}, .folder = scratch.folder, .errors = log}) == 0);
  ::close(log);
  CHECK(bytes_of(scratch / "log") == std::filesystem::canonical(scratch.folder).string() + "\n");
  CHECK(std::filesystem::exists(scratch / "here"));
}

TEST_CASE("a program is installed where PATH leads to it", "[core]") {
  CHECK(core::is_installed("sh"));
  CHECK_FALSE(core::is_installed("no-such-program-anywhere"));
  CHECK_FALSE(core::is_installed("sh; true"));
}

}  // namespace tests::child
