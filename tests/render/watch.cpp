// `watch`: frames without a display, keys without a window, the window itself under a virtual display.
#include "render/watch.h"

#include <sys/wait.h>

#include <cmath>
#include <cstdlib>

#include "render/palette.h"
#include "render/png.h"
#include "render/sfml_canvas.h"
#include "render/viewer.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;
using render::Key;

namespace {

render::WatchOptions recorded(const Scratch& scratch, int width = 320, int height = 240) {
  const auto file = scratch / "episodes.h5";
  if (!std::filesystem::exists(file)) trial_runs::write_episodes(file, 2);
  render::WatchOptions options;
  options.episodes_file = file;
  options.width = width, options.height = height;
  return options;
}

std::vector<std::string> frames(const std::filesystem::path& folder) {
  std::vector<std::string> all;
  for (int64_t t = 0; std::filesystem::exists(folder / fmt::format("frame_{:06}.png", t)); ++t)
    all.push_back(bytes_of(folder / fmt::format("frame_{:06}.png", t)));
  return all;
}

// A program of ours in a shell, without or with a display.
int run(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string tests_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace

TEST_CASE("frames are a pure function of the episode, one for each step and the reset", "[render]") {
  const Scratch scratch;
  render::WatchOptions options = recorded(scratch, 160, 120);
  options.env = "ignored", options.episode = 0;
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
  options.env = "CartPole-v1", options.frames = scratch / "f", options.width = 80, options.height = 60;
  write_bytes(scratch / "keep.png", "mine");
  std::filesystem::create_directories(scratch / "f");
  write_bytes(scratch / "f/frame_999999.png", "old");
  write_bytes(scratch / "f/notes.txt", "mine");
  options.policy = "random", options.seed = 3;
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
  options.episode = 0, options.frames = "/proc/nothing/here";
  CHECK_THAT(refusal([&] { render::watch(options); }),
             ContainsSubstring("/proc/nothing/here: cannot be made"));
  core::EpisodeLog::create(scratch / "empty.h5", render::played("CartPole-v1", "random", 0).format);
  options.episodes_file = scratch / "empty.h5";
  CHECK_THAT(refusal([&] { render::watch(options); }), ContainsSubstring("holds no episode yet"));
}

TEST_CASE("keys pause, step, change speed, change episodes and quit", "[render]") {
  render::Viewer viewer(render::played("CartPole-v1", "heuristic", 1), 0);
  viewer.advance(0.1);  // 50 steps a second
  CHECK(viewer.player().t() == 5);
  viewer.press(Key::pause), viewer.advance(1);
  CHECK(viewer.player().t() == 5);
  viewer.press(Key::forth), viewer.press(Key::forth), viewer.press(Key::back);
  CHECK(viewer.player().t() == 6);
  viewer.press(Key::pause), viewer.press(Key::faster), viewer.press(Key::faster);
  CHECK(viewer.speed() == 4);
  viewer.advance(0.1);
  CHECK(viewer.player().t() == 26);
  for (int k = 0; k < 20; ++k) viewer.press(Key::slower);
  CHECK(viewer.speed() == 0.125);
  viewer.press(Key::last);
  CHECK(viewer.player().t() == viewer.player().length());
  viewer.press(Key::next);
  CHECK((viewer.episode() == 1 && viewer.player().t() == 0));
  viewer.press(Key::forth), viewer.press(Key::restart);
  CHECK(viewer.player().t() == 0);
  viewer.press(Key::previous), viewer.press(Key::previous);
  CHECK(viewer.episode() == 0);
  viewer.press(Key::quit);
  CHECK(viewer.done());
}

TEST_CASE("after an episode's end the next one follows by itself", "[render]") {
  render::Viewer viewer(render::played("CartPole-v1", "random", 3), 0, 64);
  for (int k = 0; k < 10; ++k) viewer.advance(0.05);
  CHECK(viewer.player().t() == viewer.player().length());
  viewer.advance(1);
  CHECK(viewer.episode() == 1);
}

TEST_CASE("triangles fill a polygon exactly, convex or not, whichever way it turns", "[render]") {
  std::vector<core::Vec> star;
  for (int k = 0; k < 10; ++k) {
    const double radius = k % 2 ? 1 : 3, angle = 0.3 + k * 0.628318;
    star.push_back({radius * std::cos(angle), radius * std::sin(angle)});
  }
  for (int turn = 0; turn < 2; ++turn, std::reverse(star.begin(), star.end())) {
    double area = 0, twice = 0;
    const auto triangles = render::triangulate(star);
    CHECK(triangles.size() == 8);
    for (const auto& [a, b, c] : triangles)
      area += std::abs((star[b].x - star[a].x) * (star[c].y - star[a].y) -
                       (star[b].y - star[a].y) * (star[c].x - star[a].x)) /
              2;
    for (size_t k = 0; k < 10; ++k)
      twice += star[k].x * star[(k + 1) % 10].y - star[(k + 1) % 10].x * star[k].y;
    CHECK(area == Approx(std::abs(twice / 2)));
  }
}

TEST_CASE("without a display a window is refused with exit code 2 and --frames is named", "[render]") {
  const char* before = std::getenv("DISPLAY");
  const std::string kept = before ? before : "";
  for (const char* display : {"", ":987"}) {
    setenv("DISPLAY", display, 1);
    const std::string message = refusal([] { render::require_display(); });
    CHECK_THAT(message, ContainsSubstring("no display") && ContainsSubstring("--frames"));
  }
  before ? setenv("DISPLAY", kept.c_str(), 1) : unsetenv("DISPLAY");
}

// Runs inside of the test below, under Xvfb.
TEST_CASE("window child", "[.window]") {
  const char* folder = std::getenv("ATELIER_WINDOW_TEST");
  REQUIRE(folder);
  const std::filesystem::path scratch = folder;
  for (const auto& [name, keys] :
       {std::pair("plain", "space home"), std::pair("stepped", "home right right right right"),
        std::pair("help", "space home h"), std::pair("end", "end")}) {
    render::WatchOptions options;
    options.episodes_file = scratch / "episodes.h5";
    options.keys = keys, options.seconds = 0.3, options.screenshot = scratch / fmt::format("{}.png", name);
    CHECK(render::watch(options) == 0);
  }
}

TEST_CASE("the window shows a recorded episode and obeys its keys", "[render]") {
  const Scratch scratch;
  trial_runs::write_episodes(scratch / "episodes.h5", 1);
  if (run("command -v xvfb-run > /dev/null") != 0) FAIL("xvfb-run is not installed (Debian: xvfb)");
  const std::string command = fmt::format(
      "ATELIER_WINDOW_TEST='{}' ASAN_OPTIONS=detect_leaks=0 xvfb-run -a '{}' 'window child' > '{}' 2>&1",
      scratch.folder.string(), tests_program(), (scratch / "log").string());
  const int code = run(command);
  INFO(bytes_of(scratch / "log"));
  REQUIRE(code == 0);
  const auto shot = [&](const std::string& name) { return render::read_png(scratch / (name + ".png")); };
  const core::Image plain = shot("plain"), stepped = shot("stepped"), help = shot("help"), end = shot("end");
  REQUIRE((plain.width == 800 && plain.height == 600));
  CHECK(colors_in(plain) > 20);                                            // shapes with smooth edges
  CHECK(painted(plain, render::palette::panel, 16, 545, 300, 50) > 300);   // words at the left
  CHECK(painted(plain, render::palette::panel, 560, 545, 230, 50) > 150);  // and at the right
  CHECK(plain.pixels != stepped.pixels);
  CHECK(painted(help, render::palette::paper, 300, 200, 200, 200) > 500);  // a panel with words
  CHECK(help.pixels != plain.pixels);
  // The bar of progress: empty at the start, full at the end.
  CHECK(same(pixel(plain, 790, 541), render::palette::rule));
  CHECK(same(pixel(end, 790, 541), render::palette::series[0]));
}
