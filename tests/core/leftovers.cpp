// What is there for a while goes with its owner, however that ends.
#include "core/leftovers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "render/files.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace fs = std::filesystem;

namespace tests::leftovers {

namespace {

// Makes a folder with a file in it, then dies of the signal: where the folder was.
void die_beside_a_folder(const Scratch& scratch, int signal) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(signal, SIG_DFL);  // Catch2 3 listens
    ::setenv("TMPDIR", scratch.folder.c_str(), 1);
    const render::ScratchFolder folder;
    write_bytes(folder / "chart", "half");
    write_bytes(scratch / "made", folder.path().string());
    ::raise(signal);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == signal);
}

}  // namespace

TEST_CASE("a temporary folder goes with a program that a signal ends, or with the next one", "[core]") {
  const Scratch scratch;
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    die_beside_a_folder(scratch, signal);
    CHECK_FALSE(fs::exists(bytes_of(scratch / "made")));
  }
  die_beside_a_folder(scratch, SIGKILL);
  const fs::path left = bytes_of(scratch / "made");
  CHECK(fs::exists(left / "chart"));
  const pid_t next = ::fork();  // a process looks once
  if (next == 0) {
    ::setenv("TMPDIR", scratch.folder.c_str(), 1);
    { const render::ScratchFolder folder; }
    ::_exit(fs::exists(left) ? 1 : 0);
  }
  int status = 1;
  ::waitpid(next, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("what is another's, or of a process that lives, is left alone", "[core]") {
  const Scratch scratch;
  const std::string mine = core::owner_mark();
  for (const std::string& name : {"page." + mine + "-0.part", std::string("page.part"),
                                  std::string("page.elsewhere-999999999-0.part"), "notes." + mine + "-0"})
    write_bytes(scratch / name, "kept");
  fs::create_directory(scratch / "atelier.elsewhere-999999999-abc");
  core::clear_abandoned(scratch.folder);
  CHECK(std::distance(fs::directory_iterator(scratch.folder), fs::directory_iterator()) == 5);
}

}  // namespace tests::leftovers
