// The album of a run's pictures: the slider, the kinds, runs that grow, tear and vanish, the layout.
#include "render/viewer/album.h"

#include <cmath>
#include <random>

#include "render/viewer/scaled.h"
#include "tests/refusal.h"
#include "tests/render/live.h"
#include "tests/render/runs.h"

namespace tests::album {

using Catch::Matchers::ContainsSubstring;
using render::Album;

namespace {

struct Frame {
  std::string kind;
  int64_t step;
  core::Color color;
};

core::Image plain(core::Color color, int width = 8, int height = 4) {
  core::Image image{width, height, 3, {}};
  for (int k = 0; k < width * height; ++k)
    image.pixels.insert(image.pixels.end(), {color.r, color.g, color.b});
  return image;
}

void add(core::RunLog& log, const std::vector<Frame>& frames) {
  for (const Frame& frame : frames)
    log.picture(frame.kind, "image", "What " + frame.kind + " shows", frame.step, plain(frame.color));
  log.flush();
}

std::filesystem::path write(const std::filesystem::path& folder, const std::vector<Frame>& frames,
                            const std::string& name = "trial", const std::string& seed = "0") {
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(folder, {{"name", name}, {"seed", seed}}, "",
                                  {{"train/loss", "", "The loss", false}});
  add(log, frames);
  return folder;
}

void grow(const std::filesystem::path& folder, const std::vector<Frame>& frames) {
  change(folder / "run.h5", [&](const auto& copy) {
    auto log = core::RunLog::reopen(copy.parent_path(), 1'000'000);
    add(log, frames);
  });
}

core::Image page_of(const Album& album, const Page& page = pages[0]) {
  return drawn(page, [&](auto& canvas, auto area, double word) { album.draw(canvas, area, word); });
}
bool shows(const Album& album, core::Color color) { return count_of(page_of(album), color) > 1000; }

constexpr core::Color red{200, 10, 20}, green{10, 200, 20}, blue{20, 10, 200}, teal{10, 150, 140};

}  // namespace

TEST_CASE("an album starts at the last frame and follows the slider", "[render]") {
  const Scratch scratch;
  Album album({write(scratch / "run", {{"dots", 10, red}, {"dots", 20, green}, {"dots", 30, blue}})});
  CHECK((album.length() == 2 && album.t() == 2 && album.training_step() == 30));
  CHECK(shows(album, blue));
  album.seek(-4);
  CHECK((album.t() == 0 && album.training_step() == 10));
  CHECK((shows(album, red) && !shows(album, blue)));
  album.seek(1);
  CHECK(shows(album, green));
  album.seek(99);
  CHECK(album.t() == 2);
  CHECK(album.title() == "trial  \u00b7  seed 0  \u00b7  dots");
  CHECK(album.sentence() == "What dots shows");
  CHECK_FALSE(album.turn(1));
}

TEST_CASE("kinds of pictures go round and keep the training step", "[render]") {
  const Scratch scratch;
  Album album({write(scratch / "run",
                     {{"a", 10, red}, {"a", 20, green}, {"a", 30, blue}, {"b", 10, teal}, {"b", 30, red}})});
  CHECK(album.kind() == "a");
  album.seek(1);
  CHECK(album.turn(1));
  CHECK((album.kind() == "b" && album.length() == 1));
  CHECK((album.training_step() == 10 && shows(album, teal)));  // the latest at step 20
  album.seek(1);
  CHECK(album.turn(-1));
  CHECK((album.kind() == "a" && album.t() == 2));  // the end stays the end
  album.turn(1);
  album.turn(1);
  CHECK(album.kind() == "a");
}

TEST_CASE("an album opens on the newest picture, of one step on what was drawn first", "[render]") {
  const Scratch scratch;
  const auto even = write(scratch / "even", {{"b", 10, red}, {"a", 10, green}});
  CHECK(Album({even}).kind() == "b");
  CHECK(Album({even}).kinds() == std::vector<std::string>{"b", "a"});
  CHECK(Album({write(scratch / "odd", {{"b", 10, red}, {"a", 10, green}, {"a", 20, blue}})}).kind() == "a");
}

TEST_CASE("an album follows a growing run at its end and nowhere else", "[render]") {
  const Scratch scratch;
  Album album({write(scratch / "run", {{"a", 10, red}})});
  CHECK_FALSE(album.refresh());
  grow(scratch / "run", {{"a", 20, green}});
  CHECK(album.refresh());
  CHECK((album.t() == 1 && shows(album, green)));
  CHECK_FALSE(album.refresh());
  album.seek(0);
  grow(scratch / "run", {{"a", 30, blue}, {"new", 30, teal}});
  CHECK(album.refresh());
  CHECK((album.t() == 0 && album.length() == 2 && shows(album, red)));
  CHECK(album.turn(1));
  CHECK((album.kind() == "new" && shows(album, teal)));
}

TEST_CASE("a torn or vanished file leaves the picture, and is read once it is whole", "[render]") {
  const Scratch scratch;
  const auto file = write(scratch / "run", {{"a", 10, red}, {"a", 20, green}}) / "run.h5";
  Album album({scratch / "run"});
  const core::Image before = page_of(album);
  const std::string whole = tear(file);
  CHECK_FALSE(album.refresh());
  CHECK(page_of(album).pixels == before.pixels);
  std::filesystem::remove(file);
  CHECK_FALSE(album.refresh());
  album.seek(0);
  CHECK(page_of(album).pixels == before.pixels);
  write_bytes(file, whole);
  CHECK(album.refresh());
  CHECK(shows(album, red));
}

TEST_CASE("of two runs each shows its latest picture at the slider's step", "[render]") {
  const Scratch scratch;
  const auto one = write(scratch / "one", {{"a", 10, red}, {"a", 30, green}, {"only", 30, teal}});
  const auto two = write(scratch / "two", {{"a", 20, blue}}, "trial", "1");
  Album album({one, two});
  CHECK((album.length() == 2 && shows(album, green) && shows(album, blue)));
  album.seek(1);
  CHECK((album.training_step() == 20 && shows(album, red) && shows(album, blue)));
  album.seek(0);
  CHECK((shows(album, red) && !shows(album, blue)));  // the second has none yet
  const core::Image image = page_of(album);
  for (const size_t k : {0, 1}) CHECK(count_of(image, render::series_color(k)) >= 25);  // beside the names
  CHECK(album.title() == "trial  \u00b7  seed 0 and seed 1  \u00b7  a");
  album.turn(1);
  CHECK((album.kind() == "only" && shows(album, teal) && !shows(album, blue)));
}

TEST_CASE("two runs of one name and seed are told apart by their folders", "[render]") {
  const Scratch scratch;
  const auto one = write(scratch / "monday/seed-0", {{"a", 10, red}});
  const auto two = write(scratch / "friday/seed-0", {{"a", 10, blue}});
  CHECK(Album({one, two}).title() ==
        "trial  \u00b7  seed 0  \u00b7  monday and seed 0  \u00b7  friday  \u00b7  a");
}

TEST_CASE("a run without pictures is refused in one line", "[render]") {
  const Scratch scratch;
  const std::string message = refusal([&] { Album({write(scratch / "run", {})}); });
  CHECK(message == (scratch / "run").string() + ": holds no picture");
}

TEST_CASE("an album fills its area at every size and leaves the rest alone", "[render]") {
  const Scratch scratch;
  std::vector<Frame> frames;
  for (int k = 0; k < 12; ++k) frames.push_back({fmt::format("a_rather_long_name_{}", k), 10, red});
  const auto many = write(scratch / "many", frames, std::string(60, 'n'));
  const auto few = write(scratch / "few", {{"a", 10, red}, {"b", 10, green}});
  for (const Page& page : pages)
    for (const auto& runs : {std::vector{few}, std::vector{many}, std::vector{few, many}}) {
      Album album(runs);
      INFO(page.width << " x " << page.height << ", " << album.title());
      album.turn(1);
      CHECK(strayed(page_of(album, page), page) == 0);
    }
}

TEST_CASE("a picture is as large as it fits, its shape kept", "[render]") {
  const Scratch scratch;
  Album album({write(scratch / "run", {{"a", 10, red}})});
  for (const Page& page : pages) {
    const double wide = page.width - 2 * page.word();
    CHECK(count_of(page_of(album, page), red) ==
          Approx(std::min(wide * wide / 2, 2.0 * page.height * page.height)).epsilon(0.35));
  }
}

TEST_CASE("scaling averages what a pixel covers, as a naive twin does", "[render]") {
  std::mt19937 draws(5);
  core::Image image{13, 7, 3, {}};
  for (int k = 0; k < 13 * 7 * 3; ++k) image.pixels.push_back(static_cast<uint8_t>(draws() % 256));
  for (const auto& [width, height] : {std::pair(13, 7), std::pair(5, 3), std::pair(1, 1), std::pair(30, 9)}) {
    const core::Image made = render::scaled(image, width, height);
    REQUIRE(made.pixels.size() == static_cast<size_t>(width) * height * 3);
    const double wide = 13.0 / width, high = 7.0 / height;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        double sum = 0;
        for (int v = 0; v < 7; ++v)
          for (int u = 0; u < 13; ++u) {
            const double across = std::min((x + 1) * wide, u + 1.0) - std::max(x * wide, 1.0 * u);
            const double down = std::min((y + 1) * high, v + 1.0) - std::max(y * high, 1.0 * v);
            sum += std::max(0.0, across) * std::max(0.0, down) * pixel(image, u, v).g;
          }
        CHECK(std::abs(pixel(made, x, y).g - sum / (wide * high)) <= 0.51);
      }
  }
}

TEST_CASE("scrubbing, turning and resizing come back to the same picture", "[render]") {
  const Scratch scratch;
  Album album({write(scratch / "run", {{"a", 10, red}, {"a", 20, green}, {"b", 10, blue}})});
  const core::Image before = page_of(album);
  for (int k = 0; k < 10; ++k) {
    album.seek(k % 2);
    page_of(album, pages[k % 2]);
    album.turn(1);
  }
  CHECK((album.kind() == "a" && album.t() == 1));
  CHECK(page_of(album).pixels == before.pixels);
}

}  // namespace tests::album
