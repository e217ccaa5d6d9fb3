// HDF5 files: what is written is read, what is broken is refused by name.
#include "core/hdf5.h"

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::hdf5 {

using Catch::Matchers::ContainsSubstring;
using core::h5::File;

TEST_CASE("arrays, texts and attributes come back as they were written", "[core]") {
  const Scratch scratch;
  const std::vector<float> numbers{1.5f, -2, 0, 3, 4, 5};
  {
    File file = File::create(scratch / "a.h5");
    file.write<float>("/deep/down/numbers", numbers, {2, 3});
    file.write_text("/words", "gr\u00fc\u00df dich\n");
    file.set("/", "text", std::string("x"));
    file.set("/", "whole", int64_t{1} << 60);
    file.set("/deep", "real", 0.25);
  }
  const File file = File::open(scratch / "a.h5");
  CHECK(file.read<float>("/deep/down/numbers", {2, 3}) == numbers);
  CHECK(file.info("/deep/down/numbers").shape == std::vector<hsize_t>{2, 3});
  CHECK(file.info("/deep/down/numbers").dtype == "float32");
  CHECK(file.read_text("/words") == "gr\u00fc\u00df dich\n");
  CHECK(file.text("/", "text") == "x");
  CHECK(file.number("/deep", "real") == 0.25);
  CHECK(file.children("/") == std::vector<std::string>{"deep", "words"});
  CHECK(file.attributes("/") == std::vector<std::string>{"text", "whole"});
  CHECK(file.print("/", "whole") == "1.15292150461e+18");
  CHECK_FALSE(file.exists("/deep/up"));
}

TEST_CASE("an attribute that is set again holds the new value, of whatever length", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  for (const std::string& text :
       {std::string("running"), std::string("stopped"), std::string("finished for good")}) {
    file.set("/", "status", text);
    CHECK(file.text("/", "status") == text);
  }
}

TEST_CASE("a growing dataset keeps its rows through appending, reopening and truncating", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  const std::vector<int64_t> rows{1, 2, 3, 4, 5, 6};
  {
    core::h5::ResizableDataset table(file, "/t", H5T_NATIVE_INT64, {2}, 2);
    table.append(rows.data(), 2);
    table.append(rows.data() + 4, 1);
  }
  core::h5::ResizableDataset table(file, "/t", H5T_NATIVE_INT64, {2}, 2);
  REQUIRE(table.rows() == 3);
  table.truncate(2);
  table.append(rows.data(), 1);
  CHECK(file.read<int64_t>("/t", {core::h5::any, 2}) == std::vector<int64_t>{1, 2, 3, 4, 1, 2});
}

TEST_CASE("a missing, foreign or truncated file is refused by name", "[core]") {
  const Scratch scratch;
  CHECK_THAT(refusal([&] { File::open(scratch / "none.h5"); }), ContainsSubstring("none.h5: no such file"));
  write_bytes(scratch / "foreign.h5", "PNG, not HDF5");
  CHECK_THAT(refusal([&] { File::open(scratch / "foreign.h5"); }), ContainsSubstring("foreign.h5"));
  { File::create(scratch / "whole.h5").write<float>("/x", std::vector<float>(5000), {5000}); }
  const std::string whole = bytes_of(scratch / "whole.h5");
  write_bytes(scratch / "half.h5", whole.substr(0, whole.size() / 2));
  CHECK_THAT(refusal([&] { File::open(scratch / "half.h5"); }), ContainsSubstring("half.h5"));
}

TEST_CASE("reading a dataset as another kind names both kinds", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  file.write<float>("/x", std::vector<float>{1}, {1});
  const std::string message = refusal([&] { file.read<int64_t>("/x"); });
  CHECK_THAT(message, ContainsSubstring("'/x' holds float32, expected int64"));
}

TEST_CASE("a folder that does not take a file is refused", "[core]") {
  const Scratch scratch;
  CHECK_THAT(refusal([&] { File::create(scratch / "no/such/folder/a.h5"); }),
             ContainsSubstring("cannot be created"));
}

}  // namespace tests::hdf5
