// `watch` without a display: frames of episodes, tiles, pictures and curves.
#include "render/viewer/watch.h"

#include "render/palette.h"
#include "render/png.h"
#include "render/viewer/viewer.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::watch {

using Catch::Matchers::ContainsSubstring;

namespace {

render::WatchOptions recorded(const Scratch& scratch, int width = 320, int height = 240) {
  const auto file = scratch / "episodes.h5";
  if (!std::filesystem::exists(file)) trial_runs::write_episodes(file, 2);
  render::WatchOptions options;
  options.sources = {{.episodes_file = file}};
  options.width = width;
  options.height = height;
  return options;
}

std::vector<std::string> frames(const std::filesystem::path& folder) {
  std::vector<std::string> all;
  for (int64_t t = 0; std::filesystem::exists(folder / fmt::format("frame_{:06}.png", t)); ++t)
    all.push_back(bytes_of(folder / fmt::format("frame_{:06}.png", t)));
  return all;
}

}  // namespace

TEST_CASE("frames are a pure function of the episode, one for each step and the reset", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = recorded(scratch, 160, 120);
  options.episode = 0;
  for (const char* name : {"one", "two"}) {
    options.frames = scratch / name;
    CHECK(render::watch(options) == 0);
  }
  const auto one = frames(scratch / "one"), two = frames(scratch / "two");
  CHECK(one.size() == 501);
  CHECK(one == two);
  CHECK(one.front() != one.back());
}

TEST_CASE("a shorter episode's frames leave none of a longer one's behind", "[render]") {
  const Scratch scratch;
  render::WatchOptions options;
  options.sources = {{.env = "CartPole-v1", .policy = "random"}};
  options.frames = scratch / "f";
  options.width = 80;
  options.height = 60;
  write_bytes(scratch / "keep.png", "mine");
  std::filesystem::create_directories(scratch / "f");
  write_bytes(scratch / "f/frame_999999.png", "old");
  write_bytes(scratch / "f/notes.txt", "mine");
  options.seed = 3;
  render::watch(options);
  CHECK_FALSE(std::filesystem::exists(scratch / "f/frame_999999.png"));
  CHECK(std::filesystem::exists(scratch / "f/notes.txt"));
  CHECK(frames(scratch / "f").size() == 11);
}

TEST_CASE("an episode that is not there, an unwritable folder and an empty file are refused", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = recorded(scratch);
  options.frames = scratch / "f";
  options.episode = 2;
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("--episode 2: expected 0 .. 1"));
  options.episode = 0;
  options.frames = "/proc/nothing/here";
  CHECK_THAT(refusal([&] { render::watch(options); }),
             ContainsSubstring("/proc/nothing/here: cannot be made"));
  core::EpisodeLog::create(scratch / "empty.h5", render::played("CartPole-v1", "random", 0).format);
  options.sources[0].episodes_file = scratch / "empty.h5";
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("holds no episode yet"));
}

}  // namespace tests::watch
