// Every kind of picture becomes pixels of a size that its shape alone decides.
#include "render/draw.h"

#include <cmath>
#include <limits>

#include "render/palette.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"

namespace tests::draw {

using Catch::Matchers::ContainsSubstring;

namespace {

core::Image drawn(const core::Gallery& gallery) { return render::draw(gallery.pictures.at(0)); }

}  // namespace

TEST_CASE("images are tiled in rows and enlarged by a whole factor", "[render]") {
  core::Gallery gallery;
  std::vector<float> data(6 * 4, 0.0f);
  for (size_t k = 0; k < 4; ++k) data[4 * 4 + k] = 1;  // the fifth of six is white
  gallery.images("tiles", "", {6, 2, 2, 1}, data, 3);
  const core::Image image = drawn(gallery);
  CHECK(image.width > image.height);
  CHECK(same(pixel(image, image.width / 2, image.height * 3 / 4), {255, 255, 255}));
  CHECK(same(pixel(image, image.width / 6, image.height * 3 / 4), {0, 0, 0}));
}

TEST_CASE("labels add words beneath the tiles", "[render]") {
  core::Gallery plain, labelled;
  const std::vector<float> data(4 * 64, 0.5f);
  plain.images("tiles", "", {4, 8, 8, 1}, data);
  labelled.images("tiles", "", {4, 8, 8, 1}, data, 0, {"coat", "dress", "", "shirt"});
  CHECK(drawn(labelled).height > drawn(plain).height);
  CHECK(colors_in(drawn(labelled)) > colors_in(drawn(plain)) + 5);
}

TEST_CASE("points lie in their extent, y up", "[render]") {
  core::Gallery gallery;
  gallery.points("p", "", {0.9f, 0.9f, 5, 5, std::numeric_limits<float>::quiet_NaN(), 0}, {-1, -1, 2, 2});
  const core::Image image = drawn(gallery);
  const int right = image.width - 16 - 24, top = 16 + 24;
  CHECK(painted(image, render::palette::paper, right - 5, top - 5, 10, 10) > 20);
  CHECK(painted(image, render::palette::paper, image.width / 2 - 40, image.height / 2 - 40, 80, 80) == 0);
}

TEST_CASE("points of classes have a mark each, discs before rings, and a legend beside the plane",
          "[render]") {
  core::Gallery plain, classes;
  const std::vector<float> xy{-0.5f, 0.5f, 0.5f, 0.5f, 0.5f, -0.5f};
  const core::Rect extent{-1, -1, 2, 2};
  plain.points("p", "", xy, extent);
  classes.points("p", "", xy, extent, {0, 1, 7}, {"a", "b", "c", "d", "e", "f", "g", "h"});
  const core::Image image = drawn(classes);
  CHECK(image.width > drawn(plain).width + 20);
  CHECK(image.height == drawn(plain).height);
  const auto near = [](core::Color a, core::Color b) {
    return std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b) < 150;
  };
  const int left = 48 + 120, right = 48 + 360, top = 16 + 120, low = 16 + 360;
  CHECK(near(pixel(image, left, top), render::series_color(0)));
  CHECK(near(pixel(image, right, top), render::series_color(1)));
  CHECK(same(pixel(image, right, low), render::palette::paper));  // the middle of the eighth class's ring
  CHECK(painted(image, render::palette::paper, right - 5, low - 5, 10, 10) > 8);
  CHECK(painted(image, render::palette::paper, 48 + 480 + 4, 16, 40, 160) > 100);
  classes.pictures[0].classes.pop_back();
  CHECK_THROWS_AS(drawn(classes), core::Error);
}

TEST_CASE("a grid's row 0 lies lowest and its largest value is the map's light end", "[render]") {
  core::Gallery gallery;
  gallery.grid("g", "", 2, 2, {0, 0, 0, 1}, {0, 0, 1, 1});
  const core::Image image = drawn(gallery);
  CHECK(same(pixel(image, 48 + 360, 16 + 120), render::viridis(1)));
  CHECK(same(pixel(image, 48 + 360, 16 + 360), render::viridis(0)));
}

TEST_CASE("a matrix is darkest where its number is largest", "[render]") {
  core::Gallery gallery;
  gallery.matrix("m", "", {"cat", "dog"}, {90, 10, 20, 80});
  const core::Image image = drawn(gallery);
  const int top = image.height - 24 - 2 * 64;
  CHECK(same(pixel(image, 92 + 4, top + 4), render::ramp(1)));
  CHECK(render::luminance(pixel(image, 92 + 64 + 4, top + 4)) > 0.7);
  CHECK(painted(image, render::palette::paper, 0, top, 90, 128) > 50);
}

TEST_CASE("a text wraps and never changes the picture's size", "[render]") {
  core::Gallery one, many;
  one.text("t", "", "To be");
  std::string all;
  for (int k = 0; k < 400; ++k) all += "or not to be ";
  many.text("t", "", all);
  CHECK(drawn(one).pixels.size() == drawn(many).pixels.size());
  CHECK(painted(drawn(one), render::palette::paper) > 50);
  CHECK(painted(drawn(many), render::palette::paper, drawn(many).width - 12, 0, 12, drawn(many).height) == 0);
}

TEST_CASE("tabs and other signs without a shape are no boxes", "[render]") {
  const auto page = [](const std::string& words) {
    core::Gallery gallery;
    gallery.text("t", "", words);
    return drawn(gallery).pixels;
  };
  CHECK(page("a\tb\n\tc") == page("a       b\n        c"));
  CHECK(page("a\x01\rb") == page("ab"));
}

TEST_CASE("numbers that are none show as grey and break nothing", "[render]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  core::Gallery gallery;
  gallery.grid("g", "", 1, 2, {nan, nan}, {0, 0, 1, 1});
  gallery.matrix("m", "", {"a"}, {nan});
  gallery.images("i", "", {1, 1, 1, 1}, {nan});
  for (const auto& picture : gallery.pictures) CHECK(render::draw(picture).width > 0);
}

TEST_CASE("a shape that does not fit its data is refused by the picture's name", "[render]") {
  core::Gallery gallery;
  gallery.images("faces", "", {2, 8, 8, 1}, std::vector<float>(64));
  CHECK_THAT(refusal([&] { drawn(gallery); }), ContainsSubstring("picture 'faces'"));
}

}  // namespace tests::draw
