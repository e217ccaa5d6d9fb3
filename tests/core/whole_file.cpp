// Files that are there whole or not at all, whatever lies in their place and however full the disk is.
#include "core/whole_file.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/full_disk.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace tests::whole_file {

namespace {

int64_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a file is replaced whole, or stays as it was with nothing beside it", "[core]") {
  const Scratch scratch;
  const fs::path file = scratch / "a.csv";
  core::write_whole(file, "one");
  CHECK(bytes_of(file) == "one");
  CHECK_THAT(refusal([&] {
               const FullDisk full(4096);
               core::write_whole(file, std::string(100000, 'x'));
             }),
             ContainsSubstring("a.csv: cannot be written (File too large)"));
  CHECK(bytes_of(file) == "one");
  {
    core::WholeFile given_up(file);
    given_up.out() << "half";
  }
  CHECK(bytes_of(file) == "one");
  CHECK(files_in(scratch.folder) == 1);
  core::write_whole(scratch / std::string(250, 'n'), "long name");
  CHECK(bytes_of(scratch / std::string(250, 'n')) == "long name");
}

TEST_CASE("drafts of a process that was killed go when something is written beside them", "[core]") {
  const Scratch scratch;
  const pid_t killed = ::fork();
  if (killed == 0) {
    core::WholeFile page(scratch / "page.html"), table(scratch / "table.csv");
    page.out() << "half";
    ::raise(SIGKILL);
  }
  ::waitpid(killed, nullptr, 0);
  CHECK(files_in(scratch.folder) == 2);
  write_bytes(scratch / "mine.part", "a user's");
  write_bytes(scratch / "mine.elsewhere-1-0.part", "another host's");
  core::write_whole(scratch / "other", "whole");
  CHECK(files_in(scratch.folder) == 3);
}

TEST_CASE("a link in a file's place is replaced, not followed", "[core]") {
  const Scratch scratch;
  write_bytes(scratch / "theirs", "theirs");
  for (const char* target : {"theirs", "nothing"}) {
    fs::create_symlink(scratch / target, scratch / "text");
    core::write_whole(scratch / "text", "ours");
    fs::create_symlink(scratch / target, scratch / "last.h5.tmp");
    core::h5::File::create(scratch / "last.h5.tmp").set("/", "format", std::string("ours"));
    CHECK(fs::is_regular_file(fs::symlink_status(scratch / "text")));
    CHECK(fs::is_regular_file(fs::symlink_status(scratch / "last.h5.tmp")));
    fs::remove(scratch / "text");
    fs::remove(scratch / "last.h5.tmp");
  }
  CHECK(bytes_of(scratch / "theirs") == "theirs");
  CHECK_FALSE(fs::exists(scratch / "nothing"));
}

TEST_CASE("what is no plain file is written as it is; what refuses says why", "[core]") {
  const Scratch scratch;
  core::write_whole("/dev/null", "anything");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THAT(refusal([] { core::write_whole("/dev/full", "anything"); }),
             ContainsSubstring("/dev/full: cannot be written (No space left on device)"));
  CHECK(fs::is_character_file("/dev/full"));
  CHECK_THAT(refusal([&] { core::write_whole(scratch / "no/file", ""); }),
             ContainsSubstring("no/file: cannot be written (No such file or directory)"));
  CHECK_THAT(refusal([&] { core::write_whole(scratch.folder, ""); }), ContainsSubstring("(Is a directory)"));
}

TEST_CASE("a folder that was made for nothing goes again", "[core]") {
  const Scratch scratch;
  fs::create_directory(scratch / "old");
  { const core::MadeFolder made(scratch / "old/a/b"); }
  CHECK(fs::is_empty(scratch / "old"));
  {
    const core::MadeFolder made(scratch / "old/a/b");
    write_bytes(scratch / "old/a/file", "kept");
  }
  CHECK(fs::exists(scratch / "old/a/file"));
  CHECK_FALSE(fs::exists(scratch / "old/a/b"));
}

TEST_CASE("a run that a full disk keeps from beginning leaves no run file", "[core]") {
  const Scratch scratch;
  for (const rlim_t bytes : {0, 700, 3000}) {
    const pid_t child = ::fork();
    if (child == 0) {  // HDF5 cannot close such a file, and crashes when the process ends
      const FullDisk full(bytes);
      const std::string why = refusal([&] {
        core::RunLog::create(scratch.folder, {}, std::string(5000, '#'), {{"train/loss", "", "A loss"}});
      });
      ::_exit(why.empty() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(fs::is_empty(scratch.folder));
  }
}

}  // namespace tests::whole_file
