// Who may write in a folder.
#include "core/lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>

#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;

namespace tests::lock {

namespace {

// Whether it was given the lock, of each of `n` processes that ask for it at once and keep it until all have
// asked.
int given(const std::filesystem::path& folder, int n) {
  std::array<int, 2> answers{}, gate{};
  REQUIRE((::pipe(answers.data()) == 0 && ::pipe(gate.data()) == 0));
  for (int k = 0; k < n; ++k) {
    if (::fork() != 0) continue;
    ::close(gate[1]);
    char answer = '0', end = 0;
    const std::string why = refusal([&] {
      const core::FolderLock lock(folder);
      answer = '1';
      if (::write(answers[1], &answer, 1) == 1 && ::read(gate[0], &end, 1) < 0) ::_exit(1);
    });
    if (!why.empty() && ::write(answers[1], &answer, 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  int winners = 0;
  for (int k = 0; k < n; ++k) {
    char answer = 0;
    REQUIRE(::read(answers[0], &answer, 1) == 1);
    winners += answer == '1';
  }
  for (const int end : {gate[0], gate[1], answers[0], answers[1]}) ::close(end);
  while (::wait(nullptr) > 0) continue;
  return winners;
}

void sign(const std::filesystem::path& folder, pid_t pid, const std::string& host) {
  write_bytes(folder / ".lock", std::to_string(pid) + " " + host + "\n");
}

}  // namespace

TEST_CASE("one process at a time is given a folder, and a refusal names it", "[core]") {
  const Scratch scratch;
  const auto folder = scratch / "new/run";
  {
    const core::FolderLock first(folder);
    const std::string words = core::this_process().words();
    CHECK_THAT(refusal([&] { const core::FolderLock second(folder); }), ContainsSubstring(words));
    CHECK_THAT(refusal([&] { core::require_unlocked(folder); }), ContainsSubstring(words));
  }
  CHECK(std::filesystem::is_empty(folder));
  CHECK(refusal([&] { const core::FolderLock again(folder); }).empty());
  core::require_unlocked(scratch / "nothing");
  CHECK_FALSE(std::filesystem::exists(scratch / "nothing"));
  for (int k = 0; k < 5; ++k) CHECK(given(folder, 20) == 1);
}

TEST_CASE("the lock of a process that was killed is free at once", "[core]") {
  const Scratch scratch;
  std::array<int, 2> ready{};
  REQUIRE(::pipe(ready.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const core::FolderLock lock(scratch.folder);
    if (::write(ready[1], "x", 1) == 1) ::pause();
    ::_exit(0);
  }
  char letter = 0;
  REQUIRE(::read(ready[0], &letter, 1) == 1);
  CHECK_THAT(refusal([&] { const core::FolderLock lock(scratch.folder); }),
             ContainsSubstring(std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(refusal([&] { const core::FolderLock lock(scratch.folder); }).empty());
}

TEST_CASE("without locks, a living process and a fresh heartbeat tell of a writer", "[core]") {
  const Scratch scratch;
  const std::string here = core::this_process().host;
  const auto apparent = [&] { return core::apparent_writer(scratch.folder).has_value(); };
  CHECK_FALSE(apparent());
  sign(scratch.folder, ::getppid(), here);
  CHECK(apparent());
  sign(scratch.folder, 1 << 30, here);  // beyond the largest that there can be
  CHECK_FALSE(apparent());
  sign(scratch.folder, 7, "elsewhere");
  CHECK_FALSE(apparent());  // no run, no heartbeat
  core::RunLog::create(scratch.folder, {{"status", "running"}}, "", {});
  CHECK(apparent());
  core::h5::File::open(scratch / "run.h5", true).set("/", "heartbeat", std::string("2020-01-31T12:00:00Z"));
  CHECK_FALSE(apparent());
  write_bytes(scratch / ".lock", "no signature");
  CHECK_FALSE(apparent());
}

TEST_CASE("a lock follows no link, and says what the system refuses", "[core]") {
  const Scratch scratch;
  std::filesystem::create_symlink(scratch / "elsewhere", scratch / ".lock");
  CHECK_THAT(refusal([&] { const core::FolderLock lock(scratch.folder); }),
             ContainsSubstring(".lock: is a link"));
  CHECK_FALSE(std::filesystem::exists(scratch / "elsewhere"));
  std::filesystem::remove(scratch / ".lock");
  write_bytes(scratch / "theirs", "a letter");
  std::filesystem::create_hard_link(scratch / "theirs", scratch / ".lock");
  CHECK_THAT(refusal([&] { const core::FolderLock lock(scratch.folder); }),
             ContainsSubstring(".lock: is a file that has 2 names"));
  CHECK(bytes_of(scratch / "theirs") == "a letter");
  std::filesystem::remove(scratch / ".lock");
  std::filesystem::create_directory(scratch / ".lock");
  CHECK_THAT(refusal([&] { const core::FolderLock lock(scratch.folder); }),
             ContainsSubstring(".lock: the lock cannot be written (Is a directory)"));
  write_bytes(scratch / "file", "");
  CHECK_THAT(refusal([&] { const core::FolderLock lock(scratch / "file/run"); }),
             ContainsSubstring("file/run: the folder cannot be written (Not a directory)"));
}

}  // namespace tests::lock
