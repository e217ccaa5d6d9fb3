// Recording without a display: films hold the frames, twice the same bytes, and a missing ffmpeg is named.
#include <cstdlib>
#include <regex>

#include "core/error.h"
#include "render/film.h"
#include "render/png.h"
#include "render/viewer/watch.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::recording {

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int width = 160, height = 120;

// A short episode, 11 frames.
render::WatchOptions short_episode() {
  render::WatchOptions options;
  options.sources = {{.env = "CartPole-v1", .policy = "random"}};
  options.seed = 3;
  options.width = width;
  options.height = height;
  return options;
}

// Pixels of every frame of a film, unpacked by ffmpeg.
std::string unpacked(const std::filesystem::path& film) {
  const std::string raw = film.string() + ".raw";
  const std::string command = fmt::format(
      "ffmpeg -v error -i '{}' -fps_mode passthrough -f rawvideo -pix_fmt rgb24 '{}'", film.string(), raw);
  REQUIRE(std::system(command.c_str()) == 0);
  return bytes_of(raw);
}

// The largest and the mean difference of any channel of any pixel between a film's frames and PNG frames.
struct Difference {
  int largest = 0;
  double mean = 0;
};

Difference difference(const std::string& film, const std::filesystem::path& frames, int64_t count) {
  const size_t frame = size_t{3} * width * height;
  REQUIRE(film.size() == frame * static_cast<size_t>(count));
  Difference difference;
  for (int64_t t = 0; t < count; ++t) {
    const auto png = render::read_png(frames / fmt::format("frame_{:06}.png", t)).pixels;
    for (size_t k = 0; k < frame; ++k) {
      const int found = static_cast<uint8_t>(film[static_cast<size_t>(t) * frame + k]);
      difference.largest = std::max(difference.largest, std::abs(found - png[k]));
      difference.mean += std::abs(found - png[k]) / double(film.size());
    }
  }
  return difference;
}

// Cairo numbers the surfaces of a process, and says so in an SVG.
std::string without_surface_number(const std::string& svg) {
  return std::regex_replace(svg, std::regex("\"surface[0-9]+\""), "\"surface\"");
}

struct WithoutPath {
  std::string kept = std::getenv("PATH");
  WithoutPath() { setenv("PATH", "/nowhere", 1); }
  ~WithoutPath() { setenv("PATH", kept.c_str(), 1); }
};

}  // namespace

TEST_CASE("a GIF holds the frames within a few shades and is the same bytes twice", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = short_episode();
  options.frames = scratch / "frames";
  options.record = scratch / "a.gif";
  CHECK(render::watch(options) == 0);
  // The smooth edges of letters make more than a thousand colours of these frames, and a GIF has 256: which
  // ones is ffmpeg's choice, so that a lone pixel of an edge may lie an eighth of the range off (21 of 255 in
  // Debian 13, 16 in Debian 12), while all that is drawn in one colour has it.
  const Difference gif = difference(unpacked(scratch / "a.gif"), scratch / "frames", 11);
  CHECK(gif.largest <= 32);
  CHECK(gif.mean < 0.1);
  options.frames.clear();
  options.record = scratch / "b.gif";
  CHECK(render::watch(options) == 0);
  CHECK(bytes_of(scratch / "a.gif") == bytes_of(scratch / "b.gif"));
  CHECK(std::filesystem::file_size(scratch / "a.gif") < 30000);
  for (const auto& entry : std::filesystem::directory_iterator(scratch.folder))
    CHECK(entry.path().extension() != ".part");
}

TEST_CASE("an MP4 holds as many frames, even of odd sizes, and is the same bytes twice", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = short_episode();
  options.frames = scratch / "frames";
  for (const char* name : {"a.mp4", "b.mp4"}) {
    options.record = scratch / name;
    CHECK(render::watch(options) == 0);
  }
  CHECK(difference(unpacked(scratch / "a.mp4"), scratch / "frames", 11).largest < 128);
  CHECK(bytes_of(scratch / "a.mp4") == bytes_of(scratch / "b.mp4"));
  options.width = width - 1;
  options.height = height - 1;
  options.record = scratch / "odd.mp4";
  CHECK(render::watch(options) == 0);
  CHECK(unpacked(scratch / "odd.mp4").size() == size_t{11} * 3 * width * height);
}

TEST_CASE("an SVG is one frame, the same twice; a step outside of the episode is refused", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = short_episode();
  const auto svg = [&](int64_t step) {
    options.svg = scratch / "frame.svg";
    options.step = step;
    CHECK(render::watch(options) == 0);
    return without_surface_number(bytes_of(options.svg));
  };
  const std::string fifth = svg(5);
  CHECK_THAT(fifth, ContainsSubstring("<svg"));
  CHECK(fifth == svg(5));
  CHECK(fifth != svg(6));
  CHECK(svg(10) == svg(-1));
  options.step = 11;
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("--step 11: expected 0 .. 10"));
}

TEST_CASE("other endings, folders that are not there and a missing ffmpeg are refused", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = short_episode();
  options.record = scratch / "a.avi";
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("a.avi: films end in .gif or .mp4"));
  options.record = scratch / "nowhere/a.gif";
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("nowhere/a.gif: cannot be written"));
  options.record = scratch / "a.gif";
  const WithoutPath without;
  try {
    render::watch(options);
    FAIL("a film without ffmpeg");
  } catch (const core::Error& error) {
    CHECK_THAT(error.what(), ContainsSubstring("Debian package: ffmpeg"));
    CHECK(error.exit() == core::Exit::missing_package);
  }
  CHECK(std::filesystem::is_empty(scratch.folder));
}

}  // namespace tests::recording
