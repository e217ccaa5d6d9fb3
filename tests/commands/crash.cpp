// A program that crashes ends at once, with its signal, and says what it was doing; whoever started it does
// not wait for ever.
#include <csignal>
#include <filesystem>

#include "tests/catch.h"
#include "tests/commands/process.h"

using Catch::Matchers::ContainsSubstring;
using tests::Output;
using tests::shell;

namespace {

// Started directly: nobody has set what UCX reads.
Output hidden_case(const std::string& name) {
  return shell("unset UCX_ERROR_SIGNALS; timeout 60 tests_torch '" + name + "'");
}

// A test program in place of the real ones: a diary of two cases, the second of which does not end.
std::string dying(const std::string& of) {
  return "#!/bin/sh\nprintf 'begin quick\\nend 0.5 quick\\nbegin deadly, as told\\n' "
         ">>$ATELIER_TEST_DIARY\nkill -" +
         of + " $$\n";
}

}  // namespace

TEST_CASE("atelier test says which test case a program died in, and goes on", "[commands]") {
  const tests::Scratch scratch;
  std::filesystem::copy_file(tests::programs() + "/atelier", scratch / "atelier");
  scratch.write("tests_plain", dying("SEGV"));
  scratch.write("tests_torch", dying("KILL"));
  scratch.write("tests_programs",
                "#!/bin/sh\nprintf 'begin slow\\nend 2.25 slow\\n' >>$ATELIER_TEST_DIARY\n");
  const Output out = shell("cd " + scratch.str() + " && chmod +x tests_* && ./atelier test");
  CHECK(out.code == 1);
  CHECK_THAT(out.text,
             ContainsSubstring("tests_plain died of SIGSEGV, in the test case \"deadly, as told\"") &&
                 ContainsSubstring("tests_torch died of SIGKILL, in the test case") &&
                 ContainsSubstring("     2.2  slow\n     0.5  quick\n"));
}

TEST_CASE("a test program that crashes names the test case and ends with its signal", "[commands]") {
  const Output fault = hidden_case("a segmentation fault beside LibTorch");
  CHECK(fault.code == 128 + SIGSEGV);
  CHECK_THAT(fault.text,
             ContainsSubstring("SIGSEGV") &&
                 ContainsSubstring("in or after the test case \"a segmentation fault beside LibTorch\""));
  CHECK(fault.text.find("libucs") == std::string::npos);
  const Output late = hidden_case("a segmentation fault as the program ends");
  CHECK(late.code == 128 + SIGSEGV);
  CHECK_THAT(late.text,
             ContainsSubstring("in or after the test case \"a segmentation fault as the program ends\""));
  const Output damage = hidden_case("an abort on a damaged heap beside LibTorch");
  CHECK((damage.code == 128 + SIGABRT || damage.code == 128 + SIGSEGV));
  CHECK_THAT(damage.text, ContainsSubstring("in or after the test case \"an abort on a damaged heap"));
}

TEST_CASE("a run that gets the signal of a crash ends with it at once", "[commands]") {
  const tests::Scratch scratch;
  const std::string run = scratch / "run";
  for (const auto& [signal, number] : {std::pair{"SEGV", SIGSEGV}, {"ABRT", SIGABRT}, {"FPE", SIGFPE}}) {
    INFO(signal);
    const Output out = tests::stopped(
        "atelier run experiments/cartpole_reinforce.yaml --force "
        "--quiet train.env_steps=100000000 --out " +
            run,
        signal, {run + "/run.h5"});
    CHECK_THAT(out.text, ContainsSubstring("code " + std::to_string(128 + number)));
    CHECK(out.text.find("libucs") == std::string::npos);
  }
}
