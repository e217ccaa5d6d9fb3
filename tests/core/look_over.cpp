// What a child process reads before its parent does.
#include "core/look_over.h"

#include <chrono>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/places.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::look_over {

using Clock = std::chrono::steady_clock;
using Catch::Matchers::ContainsSubstring;
using core::h5::File;

static void write_some(const std::filesystem::path& path) {
  File file = File::create(path);
  file.set("/", "name", std::string("x"));
  file.write<float>("/a/b", std::vector<float>(1000, 1.0f), {10, 100});
}

// A copy is another's file: this process has not made it.
static std::filesystem::path copied(const Scratch& scratch) {
  write_some(scratch / "own.h5");
  std::filesystem::copy_file(scratch / "own.h5", scratch / "copy.h5");
  return scratch / "copy.h5";
}

TEST_CASE("whole files and broken ones are looked over without a word: their reader says what is wrong",
          "[core]") {
  const Scratch scratch;
  const auto copy = copied(scratch);
  CHECK(refusal([&] { core::look_over(copy); }) == "");
  CHECK(File::open(copy).text("/", "name") == "x");
  std::string bytes = bytes_of(copy);
  write_bytes(scratch / "cut.h5", bytes.substr(0, bytes.size() / 2));
  CHECK(refusal([&] { core::look_over(scratch / "cut.h5"); }) == "");
  write_bytes(scratch / "text.h5", "no HDF5 at all");
  CHECK(refusal([&] { core::look_over(scratch / "text.h5"); }) == "");
  CHECK(refusal([&] { core::look_over(scratch / "missing.h5"); }) == "");
}

// Debian 12's libhdf5.
static bool is_1_10_8() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return major == 1 && minor == 10 && release == 8;
}

// One byte of a file of ours changed: libhdf5 1.10.8 dies of it, in whatever process reads it.
TEST_CASE("a file of which libhdf5 dies is refused in words, by a process that lives", "[core]") {
  const Scratch scratch;
  std::filesystem::copy_file(repository() + "/tests/fuzz/crashers/run-libhdf5-1.10.8-no-chunk",
                             scratch / "x.h5");
  const std::string why = refusal([&] { File::open(scratch / "x.h5").datasets("/"); });
  if (is_1_10_8()) {
    CHECK_THAT(why, ContainsSubstring("x.h5: is damaged, or was made to break its readers"));
    CHECK_THAT(why, ContainsSubstring("dies of it (SIG"));
    CHECK(refusal([&] { File::open(scratch / "x.h5"); }) == why);  // again: it has not been passed
  } else {
    CHECK(why.find("made to break") == std::string::npos);
  }
}

// Another one: an attribute that claims to be an integer of no bits. Later releases do not open it.
TEST_CASE("numbers of no bits are refused before libhdf5 converts them", "[core]") {
  const Scratch scratch;
  std::filesystem::copy_file(repository() + "/tests/fuzz/crashers/run-libhdf5-1.10.8", scratch / "x.h5");
  const File file = File::open(scratch / "x.h5");
  const std::string why = refusal([&] { file.whole("/a", "crc32"); });
  if (is_1_10_8())
    CHECK_THAT(why, ContainsSubstring("x.h5: 'crc32' has numbers of a make of their own (8 bytes)"));
  else
    CHECK_THAT(why, ContainsSubstring("x.h5: "));
}

TEST_CASE("a file is looked over once, and one of our own not at all", "[core]") {
  const Scratch scratch;
  const auto copy = copied(scratch);
  const auto milliseconds = [](const auto& what) {
    const auto begun = Clock::now();
    for (int k = 0; k < 100; ++k) core::look_over(what);
    return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  };
  core::look_over(copy);
  CHECK(milliseconds(copy) < 50);  // a hundred children take longer
  CHECK(milliseconds(scratch / "own.h5") < 50);
}

}  // namespace tests::look_over
