// The canvas of observations paints what Cairo paints, but for roundings at edges.
#include "render/raster_canvas.h"

#include <cmath>
#include <set>

#include "render/easel.h"
#include "tests/catch.h"
#include "tests/envs/section.h"
#include "tests/render/pixels.h"

namespace tests::raster_canvas {

using core::Vec;

namespace {

constexpr int most = 32;         // of 255, in any channel of any pixel
constexpr double most_mean = 1;  // over a picture

struct Difference {
  int most = 0;
  double mean = 0;
};

Difference difference(const std::vector<uint8_t>& one, const std::vector<uint8_t>& other) {
  REQUIRE(one.size() == other.size());
  Difference found;
  for (size_t k = 0; k < one.size(); ++k) {
    const int apart = std::abs(int(one[k]) - int(other[k]));
    found.most = std::max(found.most, apart);
    found.mean += apart / double(one.size());
  }
  return found;
}

// What both canvases make of the same strokes.
template <class Draw>
Difference compare(int width, int height, Draw draw) {
  render::CairoCanvas cairo(width, height);
  const envs::OffscreenCanvas easel = render::easel(width, height);
  draw(cairo);
  draw(*easel.canvas);
  return difference(easel.image().pixels, cairo.image().pixels);
}

constexpr core::Color white{255, 255, 255}, black{0, 0, 0};

// One shape, black on white, in a picture of 64 x 64 pixels whose world is as large.
template <class Draw>
Difference shape(Draw draw) {
  return compare(64, 64, [&](core::Canvas& canvas) {
    canvas.view({0, 0, 64, 64}, white);
    draw(canvas);
  });
}

}  // namespace

TEST_CASE("every environment looks as Cairo draws it", "[render][raster]") {
  double mean = 0;
  int pictures = 0;
  each_env([&](const envs::Entry& entry, const std::string& precision) {
    if (precision != "exact") return;
    INFO(entry.name);
    Batch batch(entry, precision, 1);
    core::Pcg64 random(1);
    batch.reset(2);
    for (int t = 0; t < 4; ++t) {
      const Difference found = compare(84, 84, [&](core::Canvas& canvas) { batch.envs->draw(0, canvas); });
      CHECK(found.most <= most);
      CHECK(found.mean <= most_mean);
      mean += found.mean;
      ++pictures;
      for (int k = 0; k < 9; ++k) batch.draw_actions(random), batch.step();
    }
  });
  CHECK(mean / pictures < 0.1);
  CHECK(mean > 0);  // they are two canvases
}

TEST_CASE("the arcade games and CartPole are closer still", "[render][raster]") {
  for (const std::string id :
       {"Arcade/Breakout-v0", "Arcade/Dodger-v0", "Arcade/Pong-v0", "Arcade/Snake-v0", "CartPole-v1"}) {
    INFO(id);
    Batch batch(envs::all().at(id), "exact", 1);
    const envs::Controller act = envs::all().at(id).heuristic();
    batch.reset(3);
    for (int t = 0; t < 60; ++t) {
      const Difference found = compare(84, 84, [&](core::Canvas& canvas) { batch.envs->draw(0, canvas); });
      CHECK(found.most <= 8);
      CHECK(found.mean <= 0.15);
      act(batch.obs.data(), {batch.discrete.data(), nullptr});
      batch.step();
    }
  }
}

TEST_CASE("lines, circles and polygons anywhere are Cairo's within the tolerance", "[render][raster]") {
  core::Pcg64 random(3);
  const auto place = [&] { return Vec{random.uniform(-10, 74), random.uniform(-10, 74)}; };
  int worst = 0;
  double mean = 0;
  for (int k = 0; k < 300; ++k) {
    const Vec a = place(), b = place(), c = place(), d = place();
    const double size = random.uniform(0.5, 12);
    const core::Color color{uint8_t(random.integers(0, 256)), 0, 0, uint8_t(random.integers(100, 256))};
    for (const Difference& found : {shape([&](core::Canvas& canvas) { canvas.line(a, b, color, size); }),
                                    shape([&](core::Canvas& canvas) {
                                      canvas.circle(c, size, {color, black, size / 9});
                                    }),
                                    shape([&](core::Canvas& canvas) {
                                      const Vec corners[] = {a, b, c, d};
                                      canvas.polygon(corners,
                                                     {.fill = color, .line = black, .width = size / 4});
                                    })}) {
      worst = std::max(worst, found.most);
      mean += found.mean / 900;
    }
  }
  CHECK(worst <= most);
  CHECK(mean < 0.2);
}

TEST_CASE("upright rectangles are Cairo's within two", "[render][raster]") {
  core::Pcg64 random(4);
  int worst = 0;
  for (int k = 0; k < 300; ++k) {
    const double x = random.uniform(-5, 60), y = random.uniform(-5, 60), w = random.uniform(0.1, 20),
                 h = random.uniform(0.1, 20);
    const Vec corners[] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    const auto draw = [&](core::Canvas& canvas) { canvas.polygon(corners, core::filled(black)); };
    worst = std::max(worst, shape(draw).most);
  }
  CHECK(worst <= 2);
}

TEST_CASE("coverage is area: a slanted half plane, a disc, a ring, a star", "[render][raster]") {
  const auto dark = [](auto draw) {  // pixels' worth of black
    const envs::OffscreenCanvas easel = render::easel(64, 64);
    easel.canvas->view({0, 0, 64, 64}, white);
    draw(*easel.canvas);
    double sum = 0;
    std::vector<uint8_t> grey(64 * 64);
    easel.read(1, grey.data());
    for (const uint8_t level : grey) sum += (255 - level) / 255.0;
    return sum;
  };
  const double pi = 3.14159265358979;
  const auto near = [](double found, double wanted) { CHECK(std::abs(found / wanted - 1) < 0.005); };
  near(dark([](core::Canvas& c) {
         const Vec half[] = {{0, 10.3}, {64, 33.7}, {64, 0}, {0, 0}};
         c.polygon(half, core::filled(black));
       }),
       64 * 22);
  near(dark([](core::Canvas& c) { c.circle({30.2, 31.7}, 9.3, core::filled(black)); }), pi * 9.3 * 9.3);
  near(dark([](core::Canvas& c) {
         c.circle({30.2, 31.7}, 9.3, core::outlined(black, 3));
       }),
       2 * pi * 9.3 * 3);
  near(dark([](core::Canvas& c) { c.line({20, 20}, {40, 35}, black, 6); }), 25 * 6 + pi * 9);
  near(dark([](core::Canvas& c) {
         const Vec box[] = {{20, 20}, {40, 20}, {40, 40}, {20, 40}};  // round at its corners
         c.polygon(box, core::outlined(black, 4));
       }),
       24 * 24 - 16 * 16 - (4 - pi) * 4);
}

TEST_CASE("what lies outside of the picture leaves it as it is", "[render][raster]") {
  const auto draw = [](core::Canvas& canvas) {
    const Vec far[] = {{-1e9, 70}, {1e9, 70}, {0, 1e9}};
    canvas.polygon(far, core::filled(black));
    canvas.line({-20, -20}, {90, -20}, black, 3);
    canvas.circle({70, 30}, 3, core::filled(black));
    canvas.circle({-9, 80}, 3, {black, black, 1});
    canvas.line({NAN, 3}, {5, 3}, black, 1);
  };
  const envs::OffscreenCanvas easel = render::easel(64, 64);
  easel.canvas->view({0, 0, 64, 64}, white);
  draw(*easel.canvas);
  CHECK(easel.image().pixels == std::vector<uint8_t>(size_t{64} * 64 * 3, 255));
}

TEST_CASE("words, images and what is clipped are Cairo's own", "[render][raster]") {
  const Difference found = shape([](core::Canvas& canvas) {
    canvas.text({5, 40}, "Words", 8, black, core::Align::left);
    const uint8_t checks[] = {0, 255, 255, 0};
    canvas.image({40, 5, 20, 20}, checks, 2, 2, 1);
    canvas.clip(core::Rect{0, 0, 20.5, 20.5});
    canvas.circle({20, 20}, 9, core::filled({200, 0, 0}));
    canvas.line({0, 0}, {60, 60}, black, 2);
    canvas.clip(std::nullopt);
  });
  CHECK(found.most == 0);
}

namespace {

std::set<uint8_t> levels_of(const std::vector<std::byte>& picture) {
  std::set<uint8_t> levels;
  for (const std::byte level : picture) levels.insert(uint8_t(level));
  return levels;
}

}  // namespace

TEST_CASE("the arcade games are seen as pixels, as the wrapper shows them", "[render][arcade]") {
  envs::offscreen() = render::easel;
  for (const std::string game : {"Breakout", "Dodger", "Pong", "Snake"}) {
    INFO(game);
    const std::string id = "{id: Arcade/" + game + "-v0, ";
    Batch seen = env_batch(id + "observation: pixels}", 3),
          wrapped = env_batch(id + "wrappers: [pixels]}", 3);
    CHECK(seen.envs->spec().observation.shape == std::vector<int64_t>{84, 84, 1});
    seen.reset(5);
    wrapped.reset(5);
    core::Pcg64 one(1), two(1);
    for (int t = 0; t < 60; ++t) {
      seen.draw_actions(one);
      wrapped.draw_actions(two);
      seen.step();
      wrapped.step();
      CHECK(seen.answers() == wrapped.answers());
    }
    CHECK(levels_of(seen.obs).size() > 3);
    CHECK(message([&] { env_options(id + "observation: pixels}").heuristic(); }).find("the default") !=
          std::string::npos);
    CHECK(env_options(id + "sticky_action_probability: 0}").heuristic());
  }
}

}  // namespace tests::raster_canvas
