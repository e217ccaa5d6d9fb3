// docs/environments.md is what the table of environments says, with a picture of each; docs/diagnosis.md what
// the table of rules says.
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

TEST_CASE("the page of environments is up to date", "[commands][document]") {
  const Scratch scratch;
  REQUIRE(shell("atelier document " + (scratch / "docs")).code == 0);
  const Output difference =
      shell("diff " + tests::repository() + "/docs/environments.md " + (scratch / "docs/environments.md"));
  INFO(difference.text);
  CHECK(difference.code == 0);  // else: atelier document docs
  const Output rules =
      shell("diff " + tests::repository() + "/docs/diagnosis.md " + (scratch / "docs/diagnosis.md"));
  INFO(rules.text);
  CHECK(rules.code == 0);  // likewise
  const std::filesystem::path kept = tests::repository() + "/docs/pictures/environments",
                              made = scratch / "docs/pictures/environments";
  for (const auto& picture : std::filesystem::recursive_directory_iterator(made)) {
    if (picture.is_directory()) continue;  // of ids with a slash
    INFO(picture.path().string());
    CHECK(std::filesystem::exists(kept / picture.path().lexically_relative(made)));
    CHECK(picture.file_size() > 1500);  // not blank
  }
}
