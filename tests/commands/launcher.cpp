// The launcher in a checkout that another user has built.
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

TEST_CASE("a stale build that may not be written is started as it is", "[commands][launcher]") {
  const Scratch scratch;
  const std::string root = scratch.str(), bin = scratch / "build/release/bin";
  const auto start = [&] { return shell(as_anyone(scratch / "atelier") + " list envs"); };
  REQUIRE(shell("chmod 755 " + root + " && cp " + repository() + "/atelier " + root + " && mkdir -p " + bin +
                " && touch -d 2001-01-01 " + bin + "/../.built-programs && chmod -R a-w " + root)
              .code == 0);
  const Output none = start();
  INFO(none.text);
  CHECK(none.code == 1);
  CHECK(none.text.find("cannot be written, and holds no program") != std::string::npos);
  REQUIRE(shell("chmod u+w " + bin + " && printf '#!/bin/sh\\necho \"program: $*\"\\n' > " + bin +
                "/atelier && chmod -R 555 " + bin)
              .code == 0);
  const Output old = start();
  INFO(old.text);
  CHECK(old.code == 0);
  CHECK(old.text.find("cannot be written (another user's build?)") != std::string::npos);
  CHECK(old.text.find("starting it as it is") != std::string::npos);
  CHECK(old.text.find("program: list envs") != std::string::npos);
  CHECK(old.text.find("another build") == std::string::npos);
  shell("chmod -R u+w " + root);
}
