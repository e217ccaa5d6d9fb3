// episodes.h5: whole episodes only, cut back with the run, refused when foreign.
#include "core/episodes.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::episodes {

using Catch::Matchers::ContainsSubstring;

namespace {

core::EpisodeFormat format() {
  core::EpisodeFormat format{.env_id = "Trial-v0", .env_options = "id: Trial-v0\n"};
  format.obs_shape = {2};
  format.probabilities = 3;
  format.value = true;
  return format;
}

std::vector<std::byte> bytes(size_t count, int value) {
  return std::vector<std::byte>(count, std::byte(value));
}

core::Episode episode(int64_t length, int64_t step, int mark) {
  const auto n = static_cast<size_t>(length);
  core::Episode e;
  e.header.step = step;
  e.header.seed = mark;
  e.header.length = length;
  e.header.terminated = 1;
  std::string("greedy").copy(e.header.policy, 15);
  e.observations = bytes((n + 1) * 2 * sizeof(float), mark);
  e.actions = bytes(n * sizeof(int64_t), mark);
  e.rewards.assign(n, 0.5 * mark);
  e.terminated.assign(n, 0);
  e.truncated.assign(n, 0);
  e.probabilities.assign(3 * n, 0.25f);
  e.value.assign(n, 1.0f * static_cast<float>(mark));
  return e;
}

void write(const std::filesystem::path& path, const std::vector<core::Episode>& episodes) {
  auto log = core::EpisodeLog::create(path, format());
  for (core::Episode e : episodes) log.append(e);
  log.flush();
}

}  // namespace

TEST_CASE("every episode comes back whole, whichever is asked for", "[core]") {
  const Scratch scratch;
  write(scratch / "e.h5", {episode(3, 10, 1), episode(1, 10, 2), episode(500, 20, 3)});
  const core::EpisodeFile file(scratch / "e.h5");
  REQUIRE(file.headers().size() == 3);
  CHECK(file.format().env_id == "Trial-v0");
  CHECK(file.format().obs_shape == std::vector<hsize_t>{2});
  CHECK(file.format().probabilities == 3);
  CHECK(file.format().q == 0);
  for (const size_t k : {2u, 0u, 1u}) {
    const core::Episode e = file.read(k),
                        wanted = episode(e.header.length, e.header.step, static_cast<int>(k) + 1);
    CHECK(e.header.episode == static_cast<int64_t>(k));
    CHECK(std::string(e.header.policy) == "greedy");
    CHECK(e.observations == wanted.observations);
    CHECK(e.actions == wanted.actions);
    CHECK(e.rewards == wanted.rewards);
    CHECK(e.probabilities == wanted.probabilities);
    CHECK(e.value == wanted.value);
    CHECK(e.q.empty());
  }
  CHECK_THAT(refusal([&] { file.read(3); }), ContainsSubstring("has 3 episodes, no episode 3"));
}

TEST_CASE("reopening cuts episodes back to a step, and new ones follow without a gap", "[core]") {
  const Scratch scratch;
  write(scratch / "e.h5", {episode(3, 10, 1), episode(2, 20, 2), episode(4, 30, 3)});
  {
    auto log = core::EpisodeLog::reopen(scratch / "e.h5", 20);
    core::Episode e = episode(5, 25, 9);
    log.append(e);
    log.flush();
  }
  const core::EpisodeFile file(scratch / "e.h5");
  REQUIRE(file.headers().size() == 3);
  CHECK(file.headers()[2].start == 5);
  CHECK(file.read(2).rewards == std::vector<double>(5, 4.5));
  CHECK(file.read(1).rewards == std::vector<double>(2, 1.0));
}

TEST_CASE("the episodes of an evaluation that was cut short go, those before stay", "[core]") {
  const Scratch scratch;
  {
    auto log = core::EpisodeLog::create(scratch / "e.h5", format());
    for (int mark = 1; mark <= 3; ++mark) {
      core::Episode e = episode(mark, 10, mark);
      log.append(e);
    }
    CHECK(log.count() == 3);
    log.keep(1);
    core::Episode e = episode(4, 10, 9);
    log.append(e);
    log.flush();
  }
  {
    const core::EpisodeFile file(scratch / "e.h5");
    REQUIRE(file.headers().size() == 2);
    CHECK(file.read(0).rewards == std::vector<double>(1, 0.5));
    CHECK(file.read(1).rewards == std::vector<double>(4, 4.5));
  }
  auto log = core::EpisodeLog::reopen(scratch / "e.h5", 10);
  log.keep(0);
  CHECK(log.count() == 0);
}

TEST_CASE("a header whose rows are not there is no episode", "[core]") {
  const Scratch scratch;
  write(scratch / "e.h5", {episode(3, 10, 1), episode(3, 10, 2)});
  {
    core::h5::File file = core::h5::File::open(scratch / "e.h5", true);
    core::h5::ResizableDataset(file, "/rewards", H5T_NATIVE_DOUBLE, {}, 1).truncate(4);
  }
  CHECK(core::EpisodeFile(scratch / "e.h5").headers().size() == 1);
}

TEST_CASE("a file that is met in the middle of a write is opened anew until it is whole", "[core]") {
  const Scratch scratch;
  write(scratch / "whole.h5", {episode(3, 10, 1)});
  { core::h5::File::create(scratch / "e.h5").set("/", "format", std::string("atelier-episodes")); }
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::filesystem::rename(scratch / "whole.h5", scratch / "e.h5");
  });
  const std::string refused =
      refusal([&] { CHECK(core::EpisodeFile(scratch / "e.h5").headers().size() == 1); });
  writer.join();
  CHECK(refused.empty());
}

TEST_CASE("a file at rest that cannot be read is refused at once", "[core]") {
  const Scratch scratch;
  write_bytes(scratch / "half.h5", "half");
  std::filesystem::last_write_time(scratch / "half.h5",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const auto began = std::chrono::steady_clock::now();
  CHECK_THAT(refusal([&] { core::EpisodeFile file(scratch / "half.h5"); }), ContainsSubstring("half.h5"));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
}

TEST_CASE("a run file is no episodes file, half a file is none either", "[core]") {
  const Scratch scratch;
  { core::h5::File::create(scratch / "foreign.h5").set("/", "format", std::string("atelier-run")); }
  CHECK_THAT(refusal([&] { core::EpisodeFile file(scratch / "foreign.h5"); }),
             ContainsSubstring("no episodes file of Atelier"));
  write(scratch / "whole.h5", {episode(3000, 10, 1)});
  const std::string whole = bytes_of(scratch / "whole.h5");
  write_bytes(scratch / "half.h5", whole.substr(0, whole.size() / 2));
  CHECK_THAT(refusal([&] { core::EpisodeFile file(scratch / "half.h5"); }), ContainsSubstring("half.h5"));
}

}  // namespace tests::episodes
