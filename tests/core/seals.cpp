// One changed bit anywhere in a sealed file: told, or without consequence.
#include <fmt/format.h>
#include <hdf5.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/episodes.h"
#include "core/hdf5.h"
#include "core/look_over.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::seals {

using core::h5::File;
using core::h5::Handle;
namespace fs = std::filesystem;

namespace {

struct Row {
  int64_t step = 0;
  double value = 0;
};

Handle row_type() {
  Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Row)), H5Tclose);
  H5Tinsert(type, "step", offsetof(Row, step), H5T_NATIVE_INT64);
  H5Tinsert(type, "value", offsetof(Row, value), H5T_NATIVE_DOUBLE);
  return type;
}

// A kind of file: how it is written and sealed, and all that its reader gets of it, as text; Error where that
// sees what was changed.
struct Kind {
  const char* name;
  void (*write)(const fs::path& folder);
  std::string (*read)(const fs::path& folder);
};

const std::vector<int64_t> whole{1, -2, 3, 1LL << 40};
const std::vector<float> weights{0.5F, -1.25F, 3e-9F};
const std::vector<Row> rows{{1, 0.25}, {2, -7.5}, {3, 1e300}};

void write_plain(const fs::path& folder) {
  File file = File::create(folder / "plain.h5");
  file.write<int64_t>("/state/whole", whole, {whole.size()});
  file.write<float>("/weights", weights, {weights.size()});
  file.write_text("/config", "seed: 3\n");
  core::h5::ResizableDataset(file, "/rows", row_type(), {}, 2).append(rows.data(), rows.size());
  file.set("/", "step", int64_t{123});
  file.set("/state", "wall", 0.43);
  file.seal();
}

std::string read_plain(const fs::path& folder) {
  const File file = File::open(folder / "plain.h5");
  file.require_seal();
  for (const std::string& dataset : file.datasets("/")) file.check_whole(dataset);
  file.check_contents();
  std::vector<Row> held(file.elements("/rows", sizeof(Row)));
  file.read("/rows", held.data(), row_type(), {core::h5::any});
  std::string text = fmt::format("{} {} {}", file.read_text("/config"), file.whole("/", "step"),
                                 file.number("/state", "wall"));
  for (const int64_t number : file.read<int64_t>("/state/whole")) text += fmt::format(" {}", number);
  for (const float number : file.read<float>("/weights")) text += fmt::format(" {}", number);
  for (const Row& row : held) text += fmt::format(" {} {}", row.step, row.value);
  return text;
}

void write_run(const fs::path& folder) {
  core::RunLog log = core::RunLog::create(folder, {{"name", "trial"}, {"seed", "7"}}, "name: trial\n",
                                          {{"train/loss", "nats", "The loss", false}});
  for (int64_t step = 1; step < 40; ++step)
    log.log("train/loss", {step, 10 * step, 0, 0, 1.0 / static_cast<double>(step)});
  log.finish("finished");
}

// As `verify` reads it, which says the rest.
std::string read_run(const fs::path& folder) {
  const core::RunFile run(folder);
  std::string text = run.config();
  for (const auto& [name, value] : run.attributes()) text += name + ' ' + value + '\n';
  for (const core::Metric& metric : run.metrics()) text += metric.name + ' ' + metric.sentence + '\n';
  for (const core::Row& row : run.rows("train/loss"))
    text += fmt::format("{} {} {}\n", row.step, row.env_steps, row.value);
  return text;
}

void write_episodes(const fs::path& folder) {
  auto log = core::EpisodeLog::create(
      folder / "episodes.h5", {.env_id = "Trial-v0", .env_options = "id: Trial-v0\n", .obs_shape = {2}});
  for (int mark = 1; mark < 4; ++mark) {
    core::Episode e;
    e.header = {.step = 5, .env_steps = 50, .seed = 9, .length = mark, .episode_return = 1.5};
    e.observations.resize(static_cast<size_t>(mark + 1) * 2 * sizeof(float), std::byte(mark));
    e.actions.resize(static_cast<size_t>(mark) * sizeof(int64_t), std::byte(mark));
    e.rewards.assign(static_cast<size_t>(mark), 0.5 * mark);
    e.terminated.assign(static_cast<size_t>(mark), 1);
    e.truncated.assign(static_cast<size_t>(mark), 0);
    log.append(e);
  }
  log.seal();
}

std::string read_episodes(const fs::path& folder) {
  const core::EpisodeFile file(folder / "episodes.h5");
  std::string text = file.format().env_id + file.format().env_options;
  for (size_t k = 0; k < file.headers().size(); ++k) {
    const core::Episode e = file.read(k);
    const core::EpisodeHeader& h = e.header;
    text += fmt::format("{} {} {} {} {}:", h.step, h.env_steps, h.seed, h.length, h.episode_return);
    for (const auto* bytes : {&e.observations, &e.actions})
      for (const std::byte byte : *bytes) text += fmt::format(" {}", std::to_integer<int>(byte));
    text += fmt::format(" {} {} {}\n", fmt::join(e.rewards, " "), fmt::join(e.terminated, " "),
                        fmt::join(e.truncated, " "));
  }
  return text;
}

const Kind kinds[] = {{"plain.h5", write_plain, read_plain},
                      {"run.h5", write_run, read_run},
                      {"episodes.h5", write_episodes, read_episodes}};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Old enough that nobody waits for its writer.
void rest(const fs::path& file) {
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

void put(const fs::path& path, const std::string& bytes) {
  fs::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

enum Outcome { told, same, silent };

// Of a file that breaks libhdf5 a process of its own dies, as the one that looks files over does.
Outcome outcome_of(const Kind& kind, const fs::path& folder, const std::string& expected) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS})
      std::signal(signal, SIG_DFL);  // Catch2 listens
    ::alarm(20);
    const core::Fearless fearless;
    try {
      ::_exit(kind.read(folder) == expected ? same : silent);
    } catch (const std::exception&) {
      ::_exit(told);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : told;
}

// So many bits, all over the file: those that pass for whole and are read as something else.
std::vector<size_t> silent_bits(const Kind& kind, size_t tries) {
  const Scratch scratch;
  kind.write(scratch.folder);
  const fs::path file = scratch / kind.name;
  const std::string before = kind.read(scratch.folder), bytes = bytes_of(file);
  const double stride = 8 * static_cast<double>(bytes.size()) / static_cast<double>(tries);
  std::vector<size_t> bits;
  for (size_t k = 0; k < tries; ++k) {
    const auto bit = static_cast<size_t>((static_cast<double>(k) + 0.5) * stride);
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    put(file, changed);
    rest(file);
    if (outcome_of(kind, scratch.folder, before) == silent) bits.push_back(bit);
  }
  return bits;
}

}  // namespace

TEST_CASE("one changed bit of a sealed file is told, or changes nothing that is read", "[core]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    CHECK(silent_bits(kind, 131).empty());
  }
}

TEST_CASE("no bit of thousands changes a sealed file in silence", "[.][bits]") {
  for (const Kind& kind : kinds) {
    const std::vector<size_t> bits = silent_bits(kind, 20'000);
    WARN(kind.name << ": 20,000 bits, " << bits.size() << " in silence");
    for (const size_t bit : bits) WARN("byte " << bit / 8 << " bit " << bit % 8);
    CHECK(bits.empty());
  }
}

}  // namespace tests::seals
