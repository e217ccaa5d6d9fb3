// Runs whose files were changed behind our back: one clear message, exit code 2, and never a wrong number.
#include <chrono>

#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::damaged {

namespace fs = std::filesystem;

namespace {

// A run of seconds with a replay, made once.
const std::string& trained() {
  static const Scratch scratch;
  static const std::string run = [] {
    const std::string file = scratch.write("dqn.yaml",
                                           "agent: dqn\nenv: CartPole-v1\ntrain: {env_steps: 600}\n"
                                           "dqn: {buffer_size: 1000, learning_starts: 100}\n"
                                           "eval: {episodes: 1}\n");
    const Output output = shell("atelier run " + file + " --quiet --out " + (scratch / "run"));
    INFO(output.text);
    REQUIRE(output.code == 0);
    return scratch / "run";
  }();
  return run;
}

std::string copy_of(const std::string& run, const Scratch& scratch) {
  const std::string copy = scratch / "run";
  fs::remove_all(copy);
  fs::copy(run, copy, fs::copy_options::recursive);
  return copy;
}

std::string bytes_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void rest(const std::string& file) {
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

// One bit in the middle of a dataset that lies in one piece.
void flip(const std::string& file, const std::string& dataset) {
  uint64_t at = 0;
  {
    const core::h5::File open = core::h5::File::open(file);
    const core::h5::Handle data = core::h5::opened(open, dataset);
    at = H5Dget_offset(data) + H5Dget_storage_size(data) / 2;
  }
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(at));
  const int byte = bytes.get();
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes.put(static_cast<char>(byte ^ 0x40));
  bytes.close();
  rest(file);
}

// As somebody would who knows of checksums.
template <class Change>
void forge(const std::string& path, const Change& change) {
  {
    core::h5::File file = core::h5::File::open(path, true);
    change(file);
    file.seal();
  }
  rest(path);
}

template <class T>
void replace(core::h5::File& file, const std::string& dataset, const std::vector<T>& values,
             const core::h5::Axes& shape) {
  H5Ldelete(file.id(), dataset.c_str(), H5P_DEFAULT);
  file.write<T>(dataset, values, shape);
}

// What is in the output of a command that must refuse.
std::string refused(const std::string& command) {
  const Output output = shell(command);
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("internal fault") == std::string::npos);
  return output.text;
}

bool says(const std::string& text, const std::string& words) {
  INFO(text);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a whole run is said to be whole, a damaged file is named", "[commands][damaged]") {
  const Scratch scratch;
  const std::string run = copy_of(trained(), scratch);
  const Output whole = shell("atelier verify " + run);
  INFO(whole.text);
  CHECK(whole.code == 0);
  for (const char* file : {"run.h5", "episodes.h5", "last.h5", "previous.h5", "best.h5"})
    CHECK(says(whole.text, run + "/" + file + ": whole\n"));
  flip(run + "/last.h5", "/buffers/replay/actions");
  const Output broken = shell("atelier verify " + run);
  CHECK(broken.code == 1);
  CHECK(says(broken.text, run + "/last.h5: '/buffers/replay/actions' is damaged"));
  CHECK(says(broken.text, run + "/best.h5: whole\n"));
}

TEST_CASE("of a run that has ended a row, an attribute and a seal cannot go unnoticed",
          "[commands][damaged]") {
  const Scratch scratch;
  const auto tampered = [&](const char* file, auto change) {
    const std::string run = copy_of(trained(), scratch);
    {
      core::h5::File open = core::h5::File::open(run + "/" + file, true);
      change(open);
    }
    rest(run + "/" + file);
    const Output verdict = shell("atelier verify " + run);
    CHECK(verdict.code == 1);
    CHECK(says(verdict.text, run + "/" + file + ": is damaged"));
    return run;
  };
  const auto shorter = [](const char* dataset) {
    return [dataset](core::h5::File& file) {
      const core::h5::Handle table = core::h5::opened(file, dataset);
      const hsize_t rows = file.info(dataset).shape[0] - 1;
      REQUIRE(H5Dset_extent(table, &rows) >= 0);
    };
  };
  for (const char* table : {"/metrics/train", "/metrics/eval"})
    CHECK(says(refused("atelier report " + tampered("run.h5", shorter(table))), "run.h5: is damaged"));
  CHECK(says(refused("atelier export --format d4rl --out " + (scratch / "x.hdf5") + " " +
                     tampered("episodes.h5", shorter("/episodes"))),
             "episodes.h5: is damaged"));
  tampered("run.h5", [](core::h5::File& file) { file.set("/", "score_sign", std::string("-1")); });
  const std::string bare = tampered("last.h5", [](core::h5::File& file) { file.unseal(); });
  std::filesystem::remove(bare + "/previous.h5");
  CHECK(says(refused("atelier eval " + bare + " --policy last --episodes 1"), "the seal over their names"));
}

TEST_CASE("a run's files that are links, or another's, too, are read and not written",
          "[commands][damaged]") {
  const Scratch scratch, other;
  const std::string victim = copy_of(trained(), other);
  for (const char* name : {"run.h5", "episodes.h5"})
    for (const bool symbolic : {true, false}) {
      INFO(name << (symbolic ? ", symbolic" : ", hard"));
      const std::string run = copy_of(trained(), scratch);
      const fs::path file = fs::path(run) / name, theirs = fs::path(victim) / name;
      const std::string before = bytes_in(theirs);
      fs::remove(file);
      symbolic ? fs::create_symlink(theirs, file) : fs::create_hard_link(theirs, file);
      CHECK(shell("atelier verify " + run).code == 0);
      const Output resumed = shell("atelier run --resume " + run + " train.env_steps=900 --quiet");
      INFO(resumed.text);
      CHECK(bytes_in(theirs) == before);
      if (name == std::string("run.h5")) {
        CHECK(resumed.code == 2);
        CHECK(says(resumed.text, symbolic ? "run.h5: is a link" : "run.h5: is a file that has 2 names"));
      } else {  // episodes are begun anew where theirs cannot go on
        CHECK(resumed.code == 0);
        CHECK(fs::is_regular_file(fs::symlink_status(file)));
        CHECK(fs::hard_link_count(file) == 1);
      }
    }
}

TEST_CASE("a run that has ended and lost its seal is not called whole", "[commands][damaged]") {
  const Scratch scratch;
  const std::string run = copy_of(trained(), scratch);
  core::h5::File::open(run + "/run.h5", true).unseal();
  CHECK(says(shell("atelier verify " + run).text, run + "/run.h5: can be read (nothing seals it"));
  {
    const core::h5::File file = core::h5::File::open(run + "/run.h5", true);
    H5Ldelete(file.id(), "/config", H5P_DEFAULT);
  }
  const Output verdict = shell("atelier verify " + run);
  CHECK(verdict.code == 1);
  CHECK(says(verdict.text, "config"));
  fs::resize_file(run + "/run.h5", 2000);  // what lies beside it is judged all the same
  rest(run + "/run.h5");
  CHECK(says(shell("atelier verify " + run).text, run + "/episodes.h5: whole\n"));
}

TEST_CASE("one flipped bit of a checkpoint is found before it is used", "[commands][damaged]") {
  const Scratch scratch;
  std::string run = copy_of(trained(), scratch);
  std::filesystem::remove(run + "/previous.h5");  // which would take its place
  flip(run + "/last.h5", "/buffers/replay/actions");
  CHECK(says(refused("atelier run --quiet --resume " + run + " train.env_steps=1200"),
             "last.h5: '/buffers/replay/actions' is damaged"));
  run = copy_of(trained(), scratch);
  flip(run + "/best.h5", "/parameters/q/output.weight");
  CHECK(says(refused("atelier eval " + run + " --policy best --episodes 1"),
             "best.h5: '/parameters/q/output.weight' is damaged"));
}

TEST_CASE("restored values are looked over by whoever uses them, checksums or not", "[commands][damaged]") {
  const Scratch scratch;
  const std::string resume = "atelier run --quiet train.env_steps=1200 --resume ";
  const auto with = [&](auto change) {
    const std::string run = copy_of(trained(), scratch);
    forge(run + "/last.h5", change);
    return refused(resume + run);
  };
  const auto bytes = [](core::h5::File& file, const std::string& dataset, size_t at, uint8_t value) {
    auto all = file.read<uint8_t>(dataset);
    for (size_t k = 0; k < 8; ++k) all.at(at + k) = value;
    replace(file, dataset, all, {all.size()});
  };
  CHECK(says(with([&](auto& file) { bytes(file, "/buffers/replay/actions", 80, 0xff); }), "holds action -1"));
  CHECK(says(with([&](auto& file) { bytes(file, "/buffers/replay/time", 0, 0xff); }), "'time' holds -1"));
  CHECK(says(with([&](auto& file) { bytes(file, "/buffers/replay/draws", 24, 0); }),
             "'draws' holds what cannot"));
  const auto shortened = [](core::h5::File& file) {
    replace<uint8_t>(file, "/buffers/replay/exploration", {1, 2, 3}, {3});
  };
  CHECK(says(with(shortened), "'exploration' has 3 bytes"));
  CHECK(says(with([](auto& file) { file.set("/counters", "step", int64_t{-5}); }), "'step' stands at -5"));
  CHECK(says(with([](auto& file) { replace<double>(file, "/config", {1}, {1}); }), "/config"));
}

TEST_CASE("files that were made to break their reader are refused by every command", "[commands][damaged]") {
  const Scratch scratch;
  const std::string run = copy_of(trained(), scratch);
  {
    core::h5::File file = core::h5::File::open(run + "/run.h5", true);
    const core::h5::Handle root(H5Oopen(file.id(), "/", H5P_DEFAULT), H5Oclose);
    const hsize_t many = 1000;
    const core::h5::Handle space(H5Screate_simple(1, &many, nullptr), H5Sclose);
    const std::vector<int64_t> numbers(many, 2);
    H5Adelete(root, "format_version");
    const core::h5::Handle made(
        H5Acreate2(root, "format_version", H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    H5Awrite(made, H5T_NATIVE_INT64, numbers.data());
  }
  rest(run + "/run.h5");
  for (const std::string& command :
       {"atelier report " + run, "atelier export " + run + " --format csv --out " + (scratch / "x.csv"),
        "atelier diff " + run + " " + run, "atelier run --quiet --resume " + run})
    CHECK(says(refused(command), "'format_version' of '/' is no single value"));
  const std::string other = copy_of(trained(), scratch);
  forge(other + "/run.h5", [](core::h5::File& file) { replace<double>(file, "/config", {1, 2}, {2}); });
  CHECK(says(refused("atelier report " + other), "'/config' has the shape [2]"));
}

TEST_CASE("names from files are shown, not obeyed", "[commands][damaged]") {
  const Scratch scratch;
  const std::string run = copy_of(trained(), scratch);
  {
    core::h5::File file = core::h5::File::open(run + "/run.h5", true);
    file.unseal();
    file.set("/", "name", std::string("a\x1b[31m<b>\xff"));
  }
  const Output report = shell("atelier report " + run + " --out " + (scratch / "x.html"));
  CHECK(report.code == 0);
  CHECK(report.text.find('\x1b') == std::string::npos);
  std::ifstream in(scratch / "x.html", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  CHECK(says(page.substr(0, 3000), "a\\x1b[31m&lt;b&gt;\uFFFD"));
  CHECK(page.find('\x1b') == std::string::npos);
  CHECK(page.find('\xff') == std::string::npos);
  {
    core::h5::File file = core::h5::File::open(run + "/episodes.h5", true);
    const core::h5::Handle table = core::h5::opened(file, "/episodes");
    const core::h5::Handle type(H5Dget_type(table), H5Tclose), text(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text, 16);
    const core::h5::Handle column(H5Tcreate(H5T_COMPOUND, 16), H5Tclose);
    H5Tinsert(column, "policy", 0, text);
    std::string policies;
    for (hsize_t k = 0; k < file.info("/episodes").shape[0]; ++k)
      policies += std::string("\x1b]0;X\a", 6) + std::string(10, '\0');
    REQUIRE(H5Dwrite(table, column, H5S_ALL, H5S_ALL, H5P_DEFAULT, policies.data()) >= 0);
  }
  rest(run + "/episodes.h5");
  const Output drawn = shell("atelier watch " + run + " --svg " + (scratch / "x.svg"));
  CHECK(drawn.code == 0);
  CHECK(says(drawn.text, "\\x1b]0;X\\x07"));
  const Output missing = shell("atelier report \"$(printf 'no\\033[31m\\377')\"");
  CHECK(missing.code == 2);
  CHECK(says(missing.text, "no\\x1b[31m\uFFFD: no such folder"));
}

// A number of a table that grew, written over by a program that minds the chunk's checksum.
TEST_CASE("a finished run whose numbers or status were written over is not handed on or gone on with",
          "[commands][damaged]") {
  const Scratch scratch;
  const std::string run = copy_of(trained(), scratch);
  {
    const core::h5::File file = core::h5::File::open(run + "/run.h5", true);
    const core::h5::Handle data = core::h5::opened(file, "/metrics/eval");
    const core::h5::Handle of_return(H5Tcreate(H5T_COMPOUND, sizeof(double)), H5Tclose);
    H5Tinsert(of_return, "return_greedy", 0, H5T_NATIVE_DOUBLE);
    std::vector<double> returns(file.info("/metrics/eval").shape[0], 499.0);
    REQUIRE(H5Dwrite(data, of_return, H5S_ALL, H5S_ALL, H5P_DEFAULT, returns.data()) >= 0);
  }
  rest(run + "/run.h5");
  for (const std::string& command : {"export " + run + " --format csv --out " + (scratch / "x.csv"),
                                     "run --resume " + run + " train.env_steps=700", "verify " + run}) {
    const Output output = shell("atelier " + command);
    INFO(command << '\n' << output.text);
    CHECK(output.code != 0);
    CHECK(output.text.find("is damaged: what grew with the run is not what stood there when it ended") !=
          std::string::npos);
  }
  const std::string other = copy_of(trained(), scratch);
  {
    core::h5::File file = core::h5::File::open(other + "/run.h5", true);
    file.set("/", "status", std::string("running"));
  }
  rest(other + "/run.h5");
  const Output report = shell("atelier report " + other);
  CHECK(report.code == 2);
  CHECK(report.text.find("names, shapes or attributes are not those that were written") != std::string::npos);
}

}  // namespace tests::damaged
