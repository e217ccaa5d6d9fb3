// The window itself, under a virtual display.
#include <sys/wait.h>

#include <cstdlib>

#include "render/palette.h"
#include "render/png.h"
#include "render/viewer/viewer.h"
#include "render/viewer/watch.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

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

// Runs inside of the test below, under Xvfb.
TEST_CASE("window child", "[.window]") {
  const char* folder = std::getenv("ATELIER_WINDOW_TEST");
  REQUIRE(folder);
  const std::filesystem::path scratch = folder;
  for (const auto& [name, keys] :
       {std::pair("plain", "space home"), std::pair("stepped", "home right right right right"),
        std::pair("help", "space home h"), std::pair("end", "end")}) {
    render::WatchOptions options;
    options.sources = {{.episodes_file = scratch / "episodes.h5"}};
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
