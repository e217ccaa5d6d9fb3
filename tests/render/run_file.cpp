// docs/run-file.md is true: its Python example runs as it stands, its tables name what is in the files.
#include <sys/wait.h>

#include <cstdlib>

#include "tests/catch.h"
#include "tests/page.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::run_file {

using Catch::Matchers::ContainsSubstring;

namespace {

const std::string page = "docs/run-file.md";

}  // namespace

TEST_CASE("the Python in docs/run-file.md reads a run file while it is open", "[render]") {
  const std::string code = python_of_page(page);
  const Scratch scratch;
  if (std::system("/usr/bin/python3 -c 'import h5py, pandas' 2> /dev/null") != 0)
    FAIL("this test needs python3-h5py and python3-pandas (apt install python3-h5py python3-pandas)");
  trial_runs::write(scratch.folder, {.steps = 40, .level = 321});
  auto still_writing = core::RunLog::reopen(scratch.folder, 40);
  still_writing.flush();
  write_bytes(scratch / "example.py", code);
  const std::string command =
      fmt::format("cd '{}' && /usr/bin/python3 example.py > out 2>&1", scratch.folder.string());
  const int status = std::system(command.c_str());
  const std::string out = bytes_of(scratch / "out");
  INFO(out);
  CHECK(status == 0);
  CHECK_THAT(out, ContainsSubstring("trial 0 running"));
  CHECK_THAT(out, ContainsSubstring("321.0"));
}

// A full chunk is packed, and what it was packed from still stands in /newest, written over from its begin.
TEST_CASE("the Python in docs/run-file.md counts a live run's rows once, beyond the end of a chunk",
          "[render]") {
  for (const int64_t rows : {511, 512, 513, 700}) {
    const Scratch scratch;
    {
      core::RunLog log = core::RunLog::create(
          scratch.folder, {{"name", "live"}, {"seed", "0"}, {"score", "eval/return_greedy"}}, "",
          {{"eval/return_greedy"}});
      for (int64_t step = 1; step <= rows; ++step) {
        log.log("eval/return_greedy",
                {.step = step, .env_steps = step, .samples = 0, .wall_s = 0, .value = double(step)});
        if (step % 100 == 0) log.flush();
      }
      log.flush();
      write_bytes(scratch / "example.py", python_of_page(page));
      const std::string command =
          fmt::format("cd '{}' && /usr/bin/python3 example.py > out 2>&1", scratch.folder.string());
      CHECK(std::system(command.c_str()) == 0);
    }
    CHECK_THAT(bytes_of(scratch / "out"), ContainsSubstring(fmt::format("\n{} rows", rows)));
  }
}

TEST_CASE("every attribute and dataset of a run's files is in docs/run-file.md", "[render]") {
  const std::string text = text_of_page(page);
  const Scratch scratch;
  trial_runs::write(scratch.folder, {});
  trial_runs::write_episodes(scratch / "episodes.h5", 1);
  for (const char* name : {"run.h5", "episodes.h5"}) {
    const core::h5::File file = core::h5::File::open(scratch / name);
    for (const auto& attribute : file.attributes("/")) {
      INFO(name << ": " << attribute);
      CHECK_THAT(text, ContainsSubstring("`" + attribute + "`"));
    }
    for (const auto& child : file.children("/")) {
      INFO(name << ": " << child);
      CHECK_THAT(text, ContainsSubstring("`/" + child));
    }
  }
}

}  // namespace tests::run_file
