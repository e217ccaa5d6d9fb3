// A file that grows in its place: of what is written between two flushes all is there or nothing, whenever
// its process is killed and whatever the disk refuses.
#include "core/journal.h"

#include <fcntl.h>

#include "core/hdf5.h"
#include "core/journaled_file.h"
#include "tests/catch.h"
#include "tests/full_disk.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::journal {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

std::span<const std::byte> as_bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

int open_for(const fs::path& file, int how) { return ::open(file.c_str(), how | O_CREAT | O_CLOEXEC, 0666); }

// Pages 0 to 2 of `file`, 10,000 bytes of `old`, are to be 9,000 of `young`.
core::Journal change_of(const fs::path& file) {
  write_bytes(file, std::string(10'000, 'o'));
  core::Journal journal{.size = 9'000, .pages = {}};
  for (const uint64_t number : {0, 1, 2}) journal.pages[number].fill(std::byte{'y'});
  return journal;
}

const std::string young(9'000, 'y');

std::string seen_through(const fs::path& file) {
  const core::JournaledFile opened(file, open_for(file, O_RDONLY));
  std::string all(opened.size(), '?');
  CHECK(opened.read(0, std::as_writable_bytes(std::span(all))));
  return all;
}

}  // namespace

TEST_CASE("what is written reaches a journaled file at its commit, all of it", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  write_bytes(file, std::string(5'000, 'o'));
  core::JournaledFile opened(file, open_for(file, O_RDWR));
  REQUIRE(opened.write(4'090, as_bytes(std::string(20, 'y'))));
  REQUIRE(opened.write(20'000, as_bytes("end")));
  opened.resize(30'000);
  std::string now(30, '?');
  CHECK(opened.read(4'085, std::as_writable_bytes(std::span(now))));
  CHECK(now == std::string(5, 'o') + std::string(20, 'y') + std::string(5, 'o'));
  CHECK(bytes_of(file) == std::string(5'000, 'o'));
  REQUIRE(opened.commit());
  const std::string whole = std::string(4'090, 'o') + std::string(20, 'y') + std::string(890, 'o') +
                            std::string(15'000, '\0') + "end" + std::string(9'997, '\0');
  CHECK(bytes_of(file) == whole);
  CHECK_FALSE(fs::exists(core::journal_of(file)));
}

TEST_CASE("a journal completes what its process could not", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  const core::Journal journal = change_of(file);
  for (const size_t taken : {0, 5'000, 9'500}) {  // bytes that were in their places when it was killed
    change_of(file);
    REQUIRE(core::write_journal(file, journal));
    write_bytes(file, bytes_of(file).replace(0, taken, std::string(taken, 'y')));
    const std::string before = bytes_of(file);
    CHECK(seen_through(file) == young);
    CHECK(bytes_of(file) == before);  // a reader writes nothing
    core::roll_forward(file);
    CHECK(bytes_of(file) == young);
    CHECK_FALSE(fs::exists(core::journal_of(file)));
  }
}

TEST_CASE("a journal that is not whole changes nothing", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  REQUIRE(core::write_journal(file, change_of(file)));
  const std::string whole = bytes_of(core::journal_of(file));
  size_t taken = 0;
  const auto look = [&](const std::string& bytes) {
    write_bytes(core::journal_of(file), bytes);
    taken += core::read_journal(file).has_value();
  };
  for (size_t length = 0; length < whole.size(); length += length < 100 ? 1 : 97)
    look(whole.substr(0, length));
  for (size_t at = 0; at < whole.size(); at += at < 100 ? 1 : 89) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    look(flipped);
  }
  CHECK(taken == 0);
  look(whole);
  CHECK(taken == 1);
  write_bytes(core::journal_of(file), whole.substr(0, 4'000));
  core::roll_forward(file);
  CHECK(bytes_of(file) == std::string(10'000, 'o'));
  CHECK_FALSE(fs::exists(core::journal_of(file)));
}

TEST_CASE("a journal that is a link, a folder or too large a promise is none", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  core::Journal journal = change_of(file);
  REQUIRE(core::write_journal(file, journal));
  fs::rename(core::journal_of(file), scratch / "elsewhere");
  fs::create_symlink("elsewhere", core::journal_of(file));
  CHECK_FALSE(core::read_journal(file));
  const std::string theirs = bytes_of(scratch / "elsewhere");
  CHECK(core::write_journal(file, journal));  // in the link's place, nothing through it
  CHECK(fs::is_regular_file(fs::symlink_status(core::journal_of(file))));
  CHECK(bytes_of(scratch / "elsewhere") == theirs);
  fs::remove(core::journal_of(file));
  fs::create_directory(core::journal_of(file));
  CHECK_FALSE(core::read_journal(file));
  fs::remove(core::journal_of(file));
  journal.size = uint64_t{1} << 50;
  REQUIRE(core::write_journal(file, journal));
  CHECK_FALSE(core::read_journal(file));
}

TEST_CASE("what a journal holds goes into no file that is another's, too", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x", theirs = scratch / "theirs";
  const core::Journal journal = change_of(file);
  REQUIRE(core::write_journal(file, journal));
  fs::rename(file, theirs);
  fs::create_symlink("theirs", file);
  CHECK_THAT(refusal([&] { core::roll_forward(file); }), ContainsSubstring("x: is a link"));
  fs::remove(file);
  fs::create_hard_link(theirs, file);
  CHECK_THAT(refusal([&] { core::roll_forward(file); }), ContainsSubstring("x: is a file that has 2 names"));
  CHECK(bytes_of(theirs) == std::string(10'000, 'o'));
  fs::remove(theirs);
  core::roll_forward(file);
  CHECK(bytes_of(file) == young);
}

TEST_CASE("a disk that refuses leaves a journaled file as it was, and what was written for another try",
          "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  write_bytes(file, "old");
  core::JournaledFile opened(file, open_for(file, O_RDWR));
  REQUIRE(opened.write(0, as_bytes(young)));
  {
    const FullDisk full(6'000);
    CHECK_FALSE(opened.commit());
  }
  CHECK(bytes_of(file) == "old");
  CHECK_FALSE(fs::exists(core::journal_of(file)));
  REQUIRE(opened.commit());
  CHECK(bytes_of(file) == young);
}

TEST_CASE("a journal that is not in its place yet is not written over", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "x";
  core::JournaledFile opened(file, open_for(file, O_RDWR));
  REQUIRE(opened.write(0, as_bytes("first")));
  REQUIRE(opened.write(50'000, as_bytes("far away")));
  {
    const FullDisk full(20'000);  // enough for the journal of two pages, not for the file
    CHECK_FALSE(opened.commit());
    CHECK(core::read_journal(file));
    REQUIRE(opened.write(0, as_bytes("other")));
    CHECK_FALSE(opened.commit());
  }
  const auto standing = core::read_journal(file);
  REQUIRE(standing);
  CHECK(static_cast<char>(standing->pages.at(0)[0]) == 'f');
  REQUIRE(opened.commit());
  CHECK(bytes_of(file) == "other" + std::string(49'995, '\0') + "far away");
}

TEST_CASE("an HDF5 file that grows in its place is as it was at its last flush", "[core]") {
  const Scratch scratch;
  using core::h5::File;
  File file = File::create(scratch / "x.h5", core::h5::Writing::journaled);
  file.set("/", "number", int64_t{1});
  file.flush();
  const std::string flushed = bytes_of(scratch / "x.h5");
  file.set("/", "number", int64_t{2});
  file.write<float>("/more", std::vector<float>(5'000), {5'000});
  CHECK(bytes_of(scratch / "x.h5") == flushed);
  CHECK(File::open(scratch / "x.h5").whole("/", "number") == 1);
  {
    const FullDisk full(10'000);
    CHECK(refusal([&] { file.flush(); }).find("x.h5: cannot flush '/' (File too large)") !=
          std::string::npos);
  }
  CHECK(bytes_of(scratch / "x.h5") == flushed);
  file.flush();
  const File read = File::open(scratch / "x.h5");
  CHECK(read.whole("/", "number") == 2);
  CHECK(read.read<float>("/more", {5'000}).size() == 5'000);
}

}  // namespace tests::journal
