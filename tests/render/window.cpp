// The window itself, under a virtual display.
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <sstream>

#include "render/cairo_canvas.h"
#include "render/palette.h"
#include "render/png.h"
#include "render/viewer/viewer.h"
#include "render/viewer/watch.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::window {

using Catch::Matchers::ContainsSubstring;

namespace {

// A program of ours in a shell, without or with a display.
int run(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string tests_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace

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

namespace {

struct Look {
  std::string name;
  render::WatchOptions options;
};

void write_runs(const std::filesystem::path& scratch) {
  trial_runs::write_episodes(scratch / "episodes.h5", 5);
  trial_runs::write(scratch / "thoughts", {});
  trial_runs::write_thoughts(scratch / "thoughts/episodes.h5");
  trial_runs::write_pictures(scratch / "pictures");
}

// A run of each kind, and what is done to its window.
std::vector<Look> looks(const std::filesystem::path& scratch) {
  const auto look = [](const char* name, std::vector<render::Source> sources, const char* keys) {
    Look l{name, {}};
    l.options.sources = std::move(sources);
    l.options.keys = keys;
    l.options.overlays = true;
    l.options.episode = 0;
    return l;
  };
  const render::Source plain{.episodes_file = scratch / "episodes.h5"}, thoughts{.run = scratch / "thoughts"},
      pictures{.run = scratch / "pictures"}, human{.env = "FrozenLake-v1", .policy = "human"};
  return {look("plain", {plain}, "space home o"),
          look("stepped", {plain}, "home right right right right o"),
          look("help", {plain}, "space home o h"),
          look("end", {plain}, "end o"),
          look("thoughts", {thoughts}, "home right right"),
          look("later", {thoughts}, "home right right right right right right right"),
          look("curve", {thoughts}, "home right right c"),
          look("next_curve", {thoughts}, "home right right c m"),
          look("tiles", {plain}, "home t"),
          look("two", {plain, thoughts}, "home right"),
          look("picture", {pictures}, "home"),
          look("next_picture", {pictures}, "end"),
          look("human", {human}, "right right down")};
}

// What must be seen on these pages, 800 x 600, whoever drew them.
void check_pages(const std::function<core::Image(const std::string&)>& shot) {
  // The scene, the words beneath, and the bar of progress: empty at the start, full at the end.
  const core::Image plain = shot("plain"), stepped = shot("stepped"), help = shot("help"), end = shot("end");
  REQUIRE((plain.width == 800 && plain.height == 600));
  CHECK(colors_in(plain) > 20);                                            // shapes with smooth edges
  CHECK(painted(plain, render::palette::panel, 16, 545, 300, 50) > 300);   // words at the left
  CHECK(painted(plain, render::palette::panel, 560, 545, 230, 50) > 150);  // and at the right
  CHECK(plain.pixels != stepped.pixels);
  CHECK(painted(help, render::palette::paper, 300, 200, 200, 200) > 500);  // a panel with words
  CHECK(help.pixels != plain.pixels);
  CHECK(same(pixel(plain, 790, 541), render::palette::rule));
  CHECK(same(pixel(end, 790, 541), render::palette::series[0]));

  // The panel at the right: bars that move from step to step, a curve in its lower part, another metric's.
  const core::Image thoughts = shot("thoughts"), later = shot("later"), curve = shot("curve");
  const auto blue = [](const core::Image& image) {
    return painted(image, render::palette::paper, 534, 30, 266, 60) -
           painted(image, render::palette::series[0], 534, 30, 266, 60);
  };
  CHECK(painted(thoughts, render::palette::paper, 534, 0, 266, 540) > 5000);
  CHECK(blue(thoughts) != blue(later));
  CHECK(painted(curve, render::palette::paper, 534, 380, 266, 160) > 500);
  CHECK(curve.pixels != thoughts.pixels);
  CHECK(curve.pixels != shot("next_curve").pixels);

  // Tiles and two runs each have their own line of words; pictures move with their slider; a person's steps
  // count.
  for (const auto& [left, top] :
       {std::pair(4, 249), std::pair(404, 249), std::pair(4, 521), std::pair(404, 521)}) {
    const int words = painted(shot("tiles"), render::palette::panel, left, top, 390, 18);
    CHECK(
        (words > 100 && words < 390 * 18 / 2));  // on a ground of their own, where a scene would be all paint
  }
  CHECK(shot("tiles").pixels != shot("two").pixels);
  CHECK(painted(shot("two"), render::palette::panel, 0, 514, 530, 22) > 100);
  CHECK(shot("picture").pixels != shot("next_picture").pixels);
  CHECK(painted(shot("human"), render::palette::panel, 560, 545, 230, 50) > 150);
}

}  // namespace

// Runs inside of the test below, under Xvfb.
TEST_CASE("window child", "[.window]") {
  const char* folder = std::getenv("ATELIER_WINDOW_TEST");
  REQUIRE(folder);
  const std::filesystem::path scratch = folder;
  for (Look& look : looks(scratch)) {
    INFO(look.name);
    look.options.seconds = 0.3;
    look.options.screenshot = scratch / fmt::format("{}.png", look.name);
    CHECK(render::watch(look.options) == 0);
  }
}

TEST_CASE("the window shows a run of each kind and obeys its keys", "[render]") {
  const Scratch scratch;
  write_runs(scratch.folder);
  if (run("command -v xvfb-run > /dev/null") != 0) FAIL("xvfb-run is not installed (Debian: xvfb)");
  const std::string command = fmt::format(
      "ATELIER_WINDOW_TEST='{}' ASAN_OPTIONS=detect_leaks=0 xvfb-run -a '{}' 'window child' > '{}' 2>&1",
      scratch.folder.string(), tests_program(), (scratch / "log").string());
  const int code = run(command);
  INFO(bytes_of(scratch / "log"));
  REQUIRE(code == 0);
  check_pages([&](const std::string& name) { return render::read_png(scratch / (name + ".png")); });
}

TEST_CASE("the same pages come without a window", "[render]") {
  const Scratch scratch;
  write_runs(scratch.folder);
  check_pages([&](const std::string& name) {
    const auto all = looks(scratch.folder);
    const auto look = std::find_if(all.begin(), all.end(), [&](const Look& l) { return l.name == name; });
    render::Viewer viewer = render::viewer_of(look->options);
    std::istringstream keys(look->options.keys);
    for (std::string key; keys >> key;) viewer.press(render::key_named(key));
    render::CairoCanvas canvas(800, 600);
    viewer.draw(canvas, 800, 600);
    return canvas.image();
  });
}

}  // namespace tests::window
