// HDF5 files that are broken, or were made to break whoever reads them: each is refused in words.
#include <chrono>
#include <filesystem>

#include "core/episodes.h"
#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::foreign_files {

using Catch::Matchers::ContainsSubstring;
using core::h5::any;
using core::h5::Axes;
using core::h5::File;
using core::h5::Handle;

namespace {

// Old enough that nobody waits for its writer.
void rest(const std::filesystem::path& file) {
  std::filesystem::last_write_time(file,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

void set_array(const File& file, const char* object, const char* name, hid_t type, const void* data,
               hsize_t count) {
  const Handle target(H5Oopen(file.id(), object, H5P_DEFAULT), H5Oclose);
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  if (H5Aexists(target, name) > 0) H5Adelete(target, name);
  const Handle made(H5Acreate2(target, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  H5Awrite(made, type, data);
}

// A dataset that says how long it is, and holds next to nothing.
void declare(const File& file, const char* path, hid_t type, const Axes& shape, const Axes& chunk) {
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose), links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  H5Pset_chunk(how, static_cast<int>(chunk.size()), chunk.data());
  const Handle made(H5Dcreate2(file.id(), path, type, space, links, how, H5P_DEFAULT), H5Dclose);
  REQUIRE(made >= 0);
}

core::EpisodeFormat format() { return {.env_id = "CartPole-v1", .env_options = "{}", .obs_shape = {2}}; }

core::Episode episode(int64_t length) {
  core::Episode e;
  e.header.length = length;
  const auto steps = static_cast<size_t>(length);
  e.observations.resize((steps + 1) * 2 * sizeof(float));
  e.actions.resize(steps * sizeof(int64_t));
  e.rewards.resize(steps);
  e.terminated.resize(steps);
  e.truncated.resize(steps);
  return e;
}

void write_episodes(const std::filesystem::path& file) {
  auto log = core::EpisodeLog::create(file, format());
  for (const int64_t length : {3, 4}) {
    core::Episode e = episode(length);
    log.append(e);
  }
  log.flush();
}

}  // namespace

TEST_CASE("an attribute that is an array, a long text or of another kind is refused", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  file.set("/", "text", std::string("x"));
  file.set("/", "number", 1.5);
  const std::vector<int64_t> many(1000, 1);
  set_array(file, "/", "numbers", H5T_NATIVE_INT64, many.data(), many.size());
  const Handle letters(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(letters, 10);
  set_array(file, "/", "texts", letters, std::string(1000, 'x').data(), 100);
  const Handle variable(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(variable, H5T_VARIABLE);
  const char* word = "word";
  set_array(file, "/", "variable", variable, &word, 1);
  CHECK_THAT(refusal([&] { file.number("/", "numbers"); }), ContainsSubstring("no single value"));
  CHECK_THAT(refusal([&] { file.text("/", "texts"); }), ContainsSubstring("no single value"));
  CHECK_THAT(refusal([&] { file.print("/", "texts"); }), ContainsSubstring("no single value"));
  CHECK_THAT(refusal([&] { file.text("/", "number"); }), ContainsSubstring("no text"));
  CHECK_THAT(refusal([&] { file.number("/", "text"); }), ContainsSubstring("no number"));
  CHECK_THAT(refusal([&] { file.text("/", "variable"); }), ContainsSubstring("no text"));
  CHECK_THAT(refusal([&] { file.text("/", "missing"); }), ContainsSubstring("no attribute 'missing'"));
  CHECK(file.whole("/", "number") == 1);
}

TEST_CASE("a dataset of other axes than were asked for is refused", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  file.write<float>("/scalar", std::vector<float>{1}, {});
  file.write<float>("/table", std::vector<float>(6), {2, 3});
  CHECK_THAT(refusal([&] { file.read<float>("/scalar"); }), ContainsSubstring("shape [], expected [any]"));
  CHECK_THAT(refusal([&] {
               file.read<float>("/table", {any, 2});
             }),
             ContainsSubstring("shape [2, 3], expected [any, 2]"));
  CHECK_THAT(refusal([&] { file.read_text("/table"); }), ContainsSubstring("expected []"));
  float one = 0;
  CHECK_THAT(refusal([&] { file.read("/table", &one, H5T_NATIVE_FLOAT, {1}); }), ContainsSubstring("[2, 3]"));
  CHECK_THAT(refusal([&] { core::h5::ResizableDataset(file, "/scalar", H5T_NATIVE_FLOAT, {}, 1); }),
             ContainsSubstring("expected [any]"));
}

TEST_CASE("a short file that declares an enormous dataset is refused before memory is asked for", "[core]") {
  const Scratch scratch;
  const File file = File::create(scratch / "a.h5");
  declare(file, "/huge", H5T_NATIVE_FLOAT, {hsize_t{1} << 40}, {1 << 16});
  declare(file, "/wide", H5T_NATIVE_FLOAT, {8, hsize_t{1} << 29}, {1, hsize_t{1} << 29});
  CHECK_THAT(refusal([&] { file.read<float>("/huge"); }), ContainsSubstring("the file is too small"));
  CHECK_THAT(refusal([&] { file.count("/wide"); }), ContainsSubstring("a chunk of '/wide'"));
}

TEST_CASE("links lead nowhere, and groups that hold themselves come to an end", "[core]") {
  const Scratch scratch;
  { File::create(scratch / "other.h5").write<float>("/x", std::vector<float>{1}, {1}); }
  File file = File::create(scratch / "a.h5");
  file.write<float>("/group/x", std::vector<float>{1}, {1});
  H5Lcreate_soft("/group/x", file.id(), "/soft", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_external((scratch / "other.h5").c_str(), "/x", file.id(), "/external", H5P_DEFAULT, H5P_DEFAULT);
  CHECK_FALSE(file.exists("/soft"));
  CHECK_FALSE(file.exists("/external"));
  CHECK(file.children("/") == std::vector<std::string>{"group"});
  CHECK(file.datasets("/") == std::vector<std::string>{"/group/x"});
  CHECK_THAT(refusal([&] { file.read<float>("/soft"); }), ContainsSubstring("has no '/soft'"));
  H5Lcreate_hard(file.id(), "/group", file.id(), "/group/again", H5P_DEFAULT, H5P_DEFAULT);
  CHECK_THAT(refusal([&] { file.datasets("/"); }), ContainsSubstring("lies too deep"));
}

TEST_CASE("bytes that lie in another file are not read", "[core]") {
  const Scratch scratch;
  write_bytes(scratch / "raw", std::string(100, 'x'));
  const File file = File::create(scratch / "a.h5");
  const hsize_t size = 100;
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_external(how, (scratch / "raw").c_str(), 0, size);
  {
    const Handle made(H5Dcreate2(file.id(), "/x", H5T_NATIVE_UINT8, space, H5P_DEFAULT, how, H5P_DEFAULT),
                      H5Dclose);
  }
  CHECK_THAT(refusal([&] { file.read<uint8_t>("/x"); }), ContainsSubstring("lie in another file"));
}

TEST_CASE("a name that cannot be shown is refused, a text is shown", "[core]") {
  const Scratch scratch;
  File file = File::create(scratch / "a.h5");
  file.set("/", "name", std::string("a\x1b[31m\xff"));
  CHECK(file.text("/", "name") == "a\\x1b[31m\uFFFD");
  file.write<float>("/x\x1b", std::vector<float>{1}, {1});
  CHECK_THAT(refusal([&] { file.children("/"); }), ContainsSubstring("'x\\x1b'"));
}

TEST_CASE("one changed byte of a dataset is found, and said by name", "[core]") {
  const Scratch scratch;
  const std::vector<int64_t> actions(1000, 0x0123456789abcdef);
  {
    File file = File::create(scratch / "a.h5");
    file.write<int64_t>("/buffers/replay/actions", actions, {actions.size()});
    file.write_text("/config", "name: x\n");
    file.set("/buffers", "step", int64_t{0x1122334455667788});
    file.seal();
  }
  const std::string whole = bytes_of(scratch / "a.h5");
  int copies = 0;
  const auto damaged = [&](const std::string& what) {
    std::string bytes = whole;
    bytes.at(bytes.find(what) + 3) ^= 4;
    const auto file = scratch / (std::to_string(++copies) + "b.h5");  // the library shares what is open
    write_bytes(file, bytes);
    return File::open(file);
  };
  const std::string number = "\xef\xcd\xab\x89\x67\x45\x23\x01", counter = "\x88\x77\x66\x55\x44\x33\x22\x11";
  const File flipped = damaged(number);
  flipped.check_seal();  // which is of all but the bytes themselves
  const std::string message = refusal([&] { flipped.read<int64_t>("/buffers/replay/actions"); });
  CHECK_THAT(message, ContainsSubstring("b.h5: '/buffers/replay/actions' is damaged"));
  CHECK_THAT(refusal([&] { flipped.check_whole("/buffers/replay/actions"); }),
             ContainsSubstring("is damaged"));
  CHECK_THAT(refusal([&] { damaged("name: x\n").read_text("/config"); }), ContainsSubstring("is damaged"));
  CHECK_THAT(refusal([&] { damaged(counter).check_seal(); }), ContainsSubstring("b.h5: is damaged"));
  const File file = File::open(scratch / "a.h5");
  file.check_seal();
  for (const auto& path : file.datasets("/")) file.check_whole(path);
  CHECK(file.read<int64_t>("/buffers/replay/actions") == actions);
}

TEST_CASE("one changed byte of an episode is found as it is read", "[core]") {
  const Scratch scratch;
  {
    auto log = core::EpisodeLog::create(scratch / "e.h5", format());
    core::Episode e = episode(100);
    e.rewards.assign(100, 0x1.23456789abcdep+3);
    log.append(e);
    log.flush();
  }
  std::string bytes = bytes_of(scratch / "e.h5");
  bytes.at(bytes.find("\xde\xbc\x9a\x78\x56\x34\x22\x40") + 800 / 2) ^= 1;
  write_bytes(scratch / "e.h5", bytes);
  const core::EpisodeFile file(scratch / "e.h5");
  CHECK_THAT(refusal([&] { file.read(0); }), ContainsSubstring("/rewards: rows cannot be read"));
}

TEST_CASE("headers that promise what cannot be are no episodes", "[core]") {
  const Scratch scratch;
  const auto with = [&](size_t index, auto change) {
    write_episodes(scratch / "e.h5");
    {
      File file = File::open(scratch / "e.h5", true);
      auto headers = core::EpisodeFile(scratch / "e.h5").headers();
      change(headers.at(index));
      const Handle table(H5Dopen2(file.id(), "/episodes", H5P_DEFAULT), H5Dclose);
      const Handle type(H5Dget_type(table), H5Tclose),
          native(H5Tget_native_type(type, H5T_DIR_ASCEND), H5Tclose);
      REQUIRE(H5Tget_size(native) == sizeof(core::EpisodeHeader));
      REQUIRE(H5Dwrite(table, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, headers.data()) >= 0);
    }
    rest(scratch / "e.h5");
    size_t episodes = 99;
    const std::string message =
        refusal([&] { episodes = core::EpisodeFile(scratch / "e.h5").headers().size(); });
    return message.empty() ? std::to_string(episodes) : message;
  };
  using Header = core::EpisodeHeader;
  CHECK(with(0, [](Header&) {}) == "2");
  CHECK_THAT(with(0, [](Header& h) { h.length = 0; }),
             ContainsSubstring("the header of episode 0 cannot be"));
  CHECK_THAT(with(1, [](Header& h) { h.length = -4; }),
             ContainsSubstring("the header of episode 1 cannot be"));
  CHECK_THAT(with(1, [](Header& h) { h.start = 0; }), ContainsSubstring("the header of episode 1 cannot be"));
  CHECK_THAT(with(1, [](Header& h) { h.episode = 7; }),
             ContainsSubstring("the header of episode 1 cannot be"));
  CHECK(with(1, [](Header& h) { h.length = int64_t{1} << 60; }) == "1");  // rows that were not written
}

TEST_CASE("observations and actions that are no rows are refused", "[core]") {
  const Scratch scratch;
  const auto with = [&](const char* path, const Axes& shape) {
    write_episodes(scratch / "e.h5");
    {
      File file = File::open(scratch / "e.h5", true);
      H5Ldelete(file.id(), path, H5P_DEFAULT);
      size_t count = 1;
      for (const hsize_t d : shape) count *= d;
      file.write<float>(path, std::vector<float>(count), shape);
    }
    rest(scratch / "e.h5");
    return refusal([&] { core::EpisodeFile file(scratch / "e.h5"); });
  };
  CHECK_THAT(with("/observations", {}), ContainsSubstring("'/observations' is to be rows"));
  CHECK_THAT(with("/actions", {}), ContainsSubstring("'/actions' is to be rows"));
  CHECK_THAT(with("/observations", {9, 0}), ContainsSubstring("rows of 0 elements"));
  CHECK_THAT(with("/rewards", {}), ContainsSubstring("expected [any]"));
  write_episodes(scratch / "e.h5");
  {
    File file = File::open(scratch / "e.h5", true);
    H5Ldelete(file.id(), "/actions", H5P_DEFAULT);
    file.write<uint64_t>("/actions", std::vector<uint64_t>(7), {7});
  }
  CHECK_THAT(refusal([&] { core::EpisodeFile file(scratch / "e.h5"); }),
             ContainsSubstring("e.h5: '/actions' holds uint64, expected float32, uint8, int32 or int64"));
}

TEST_CASE("rows that a file claims and lacks are told", "[core]") {
  const Scratch scratch;
  const File file = File::create(scratch / "l.h5");
  declare(file, "/x", H5T_NATIVE_DOUBLE, {10}, {4});
  CHECK_THAT(refusal([&] { file.read<double>("/x"); }),
             ContainsSubstring("l.h5: '/x' is damaged: it lacks the rows from 0 on"));
  CHECK_THAT(refusal([&] { file.check_whole("/x"); }), ContainsSubstring("lacks the rows from 0 on"));
  const std::vector<double> some(4, 1.0);
  const Handle data(H5Dopen2(file.id(), "/x", H5P_DEFAULT), H5Dclose);
  const hsize_t first = 0, count = 4;
  const Handle space(H5Dget_space(data), H5Sclose), memory(H5Screate_simple(1, &count, nullptr), H5Sclose);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, nullptr, &count, nullptr);
  H5Dwrite(data, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, some.data());
  H5Dflush(data);
  CHECK_THAT(refusal([&] { file.read<double>("/x"); }), ContainsSubstring("lacks the rows from 4 on"));
}

TEST_CASE("files in HDF5's newest form are read", "[core]") {
  const Scratch scratch;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  {
    const Handle made(H5Fcreate((scratch / "new.h5").c_str(), H5F_ACC_EXCL, H5P_DEFAULT, access), H5Fclose);
    REQUIRE(made >= 0);
    const Handle group(H5Gcreate2(made, "inside", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  }
  CHECK(File::open(scratch / "new.h5").exists("/inside"));
}

TEST_CASE("metrics and pictures that are no tables of ours are refused", "[core]") {
  const Scratch scratch;
  const auto with = [&](auto change) {
    {
      auto log = core::RunLog::create(scratch.folder, {{"name", "x"}}, "name: x\n", {{"eval/a", "", "a"}});
      log.picture("film", "image", "a film", 1, {2, 2, 3, std::vector<uint8_t>(12)});
      log.finish("finished");
    }
    {
      File file = File::open(scratch / "run.h5", true);
      file.unseal();
      change(file);
    }
    rest(scratch / "run.h5");
    return refusal([&] {
      const core::RunFile run(scratch.folder);
      for (const auto& metric : run.metrics()) run.rows(metric.name);
      for (const auto& film : run.pictures()) run.frame(film.name, 0);
      run.config();
    });
  };
  const auto instead = [&](const char* path, const Axes& shape) {
    return with([&](File& file) {
      H5Ldelete(file.id(), path, H5P_DEFAULT);
      file.write<uint8_t>(path, std::vector<uint8_t>(64), shape);
    });
  };
  CHECK(with([](File&) {}).empty());
  CHECK_THAT(instead("/metrics/eval", {}), ContainsSubstring("no table of ours"));
  CHECK_THAT(instead("/newest/eval", {8}), ContainsSubstring("no table of ours"));
  CHECK_THAT(instead("/metrics/eval", {8}), ContainsSubstring("no table of ours"));
  CHECK_THAT(instead("/pictures/film/frames", {}), ContainsSubstring("expected [any, any, any, any]"));
  CHECK_THAT(instead("/pictures/film/step", {2, 2}), ContainsSubstring("expected [any]"));
  CHECK_THAT(instead("/config", {8}), ContainsSubstring("expected []"));
  CHECK_THAT(with([](File& file) { file.set("/", "format_version", -1.0); }), ContainsSubstring("format -1"));
}

}  // namespace tests::foreign_files
