// The shape of every file: length, headline, include guard, nothing left open.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "tests/catch.h"
#include "tests/house/sources.h"
#include "tests/places.h"

namespace tests::files {

TEST_CASE("there are sources in every wing", "[house]") {
  std::set<std::string> folders;
  for (const house::Source& source : house::sources()) folders.insert(source.folder);
  for (const char* wing :
       {"core", "envs", "training", "agents", "generative", "supervised", "render", "analysis", "commands"}) {
    INFO(wing);
    CHECK(folders.contains(wing));
  }
}

TEST_CASE("experiments/ holds YAML, each file in a folder, what they reached, and what runs them again",
          "[house]") {
  const std::filesystem::path root = std::filesystem::path(tests::repository()) / "experiments";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_directory() || entry.path() == root / "results.sh") continue;
    INFO(entry.path().string());
    CHECK((entry.path().extension() == ".yaml" || entry.path().filename() == "results.md"));
    CHECK(entry.path().parent_path().parent_path() == root);
  }
}

TEST_CASE("no file is longer than 400 lines", "[house]") {
  for (const house::Source& source : house::sources()) {
    INFO(source.path.string());
    CHECK(source.lines.size() <= 400);
  }
}

TEST_CASE("the first line of a file says what it is, unless its header does", "[house]") {
  for (const house::Source& source : house::sources()) {
    const auto header = std::filesystem::path(source.path).replace_extension(".h");
    if (source.path != header && std::filesystem::exists(std::filesystem::path(tests::repository()) / header))
      continue;
    INFO(source.path.string());
    REQUIRE_FALSE(source.lines.empty());
    CHECK((source.lines.front().starts_with("// ") && source.lines.front().size() > 12));
  }
}

TEST_CASE("headers guard themselves", "[house]") {
  for (const house::Source& source : house::sources()) {
    if (source.path.extension() != ".h") continue;
    INFO(source.path.string());
    CHECK(std::ranges::find(source.lines, "#pragma once") != source.lines.end());
  }
}

TEST_CASE("nothing is left for later", "[house]") {
  const std::string open_ends[] = {std::string("TO") + "DO", std::string("FIX") + "ME"};
  for (const house::Source& source : house::sources())
    for (size_t i = 0; i < source.lines.size(); ++i)
      for (const std::string& open_end : open_ends) {
        INFO(source.path.string() << ':' << i + 1);
        CHECK(source.lines[i].find(open_end) == std::string::npos);
      }
}

}  // namespace tests::files
