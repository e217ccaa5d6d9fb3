// Atelier as a package: installed beside the build, found by a program outside of it. Both folders are kept,
// so that a second run compiles nothing.
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

TEST_CASE("a program outside the house steps its own environment with a trained policy",
          "[commands][installed]") {
  const Scratch scratch;
  const std::string installed = tests::programs() + "/../installed",
                    outside = tests::programs() + "/../windy_cartpole";
  const Output built = shell(
      "cmake --install '" + tests::programs() + "/..' --prefix '" + installed + "' && cmake -G Ninja -S '" +
      tests::repository() + "/examples/windy_cartpole' -B '" + outside +
      "' -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH='" + installed + "' && ninja -C '" + outside + "'");
  INFO(built.text);
  REQUIRE(built.code == 0);

  const Output trained =
      shell("'" + installed + "/bin/atelier' run smoke --out '" + (scratch / "run") + "' --quiet");
  INFO(trained.text);
  REQUIRE(trained.code == 0);
  const Output played = shell("'" + outside + "/windy_cartpole' '" + (scratch / "run/best.h5") + "'");
  INFO(played.text);
  CHECK(played.code == 0);
  CHECK(played.text.starts_with("mean return in the wind: "));
}

TEST_CASE("the README shows that program whole", "[commands][installed]") {
  const std::string readme = shell("cat '" + tests::repository() + "/README.md'").text;
  std::ifstream program(tests::repository() + "/examples/windy_cartpole/main.cpp");
  std::string line;
  std::getline(program, line);  // its headline
  int lines = 1;
  for (; std::getline(program, line); ++lines) CHECK(readme.find("    " + line + "\n") != std::string::npos);
  CHECK(lines == 15);
}
