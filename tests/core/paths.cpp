// Paths in files and on the command line.
#include <filesystem>

#include "core/options.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::paths {

namespace {

struct Data {
  std::string file, word;
  void fields(core::Fields& f) {
    f.add("file", file, "A file", {.path = true});
    f.add("word", word, "Any word");
  }
};

}  // namespace

TEST_CASE("a path in a file is relative to it, one on the command line to the caller; both become whole",
          "[core]") {
  const Scratch scratch;
  std::filesystem::create_directories(scratch / "a");
  write_bytes(scratch / "a/x.yaml", "file: ../own.txt\nword: own.txt\n");
  core::Value root = core::load_yaml(scratch / "a/x.yaml");
  Data data;
  core::read_options(data, root);
  CHECK(data.file == (scratch / "own.txt").string());
  CHECK(data.word == "own.txt");
  core::apply_override(root, "file=own.txt");
  core::read_options(data, root);
  CHECK(data.file == (std::filesystem::current_path() / "own.txt").string());
  const std::string kept = core::to_yaml(core::write_options(data));
  Data again;
  core::read_options(again, core::parse_yaml(kept, (scratch / "a/last.h5").string()));
  CHECK(again.file == data.file);
}

}  // namespace tests::paths
