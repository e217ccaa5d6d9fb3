// Lines that are told to people come back from a shell as they were meant.
#include "core/shell.h"

#include "tests/catch.h"

namespace tests::shell_lines {

TEST_CASE("words are quoted where a shell would part or read them", "[core][shell]") {
  CHECK(core::shell_word("runs/cartpole_ppo/latest") == "runs/cartpole_ppo/latest");
  CHECK(core::shell_word("a b") == "'a b'");
  CHECK(core::shell_word("it's") == "'it'\\''s'");
  CHECK(core::shell_word("") == "''");
  CHECK(core::shell_line({"run", "x.yaml", "eval.every={steps: 1}"}) ==
        "atelier run x.yaml 'eval.every={steps: 1}'");
}

TEST_CASE("a path that begins with a dash is no option", "[core][shell]") {
  CHECK(core::shell_path("-x") == "./-x");
  CHECK(core::shell_path("-a b") == "'./-a b'");
  CHECK(core::shell_path("/tmp/-x") == "/tmp/-x");
}

}  // namespace tests::shell_lines
