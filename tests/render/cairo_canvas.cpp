// The canvas without a display puts shapes where the world has them.
#include "render/cairo_canvas.h"

#include "render/font.h"
#include "render/png.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/scratch.h"

namespace tests::cairo_canvas {

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr core::Color white{255, 255, 255}, red{200, 0, 0}, blue{0, 0, 200};

void draw_scene(core::Canvas& canvas) {
  canvas.view({-1, -1, 2, 2}, white);
  canvas.circle({0.5, 0.5}, 0.2, core::filled(red));
  const core::Vec arrow[] = {{-0.8, -0.8}, {-0.2, -0.8}, {-0.5, -0.6}, {-0.5, -0.2}};
  canvas.polygon(arrow, {.fill = blue, .line = red, .width = 0.02});
  canvas.line({-1, 0}, {1, 0}, {0, 0, 0}, 0.01);
  canvas.text({0, -0.5}, "Words", 0.1, {0, 0, 0}, core::Align::left);
  const uint8_t checks[] = {0, 255, 255, 0};
  canvas.image({0.5, -1, 0.5, 0.5}, checks, 2, 2, 1);
}

}  // namespace

TEST_CASE("shapes lie where the world has them, y up, aspect kept", "[render]") {
  render::CairoCanvas canvas(200, 100);  // the square world lies in the middle 100 pixels
  draw_scene(canvas);
  const core::Image image = canvas.image();
  CHECK(same(pixel(image, 100 + 25, 50 - 25), red));
  CHECK(same(pixel(image, 100 + 25, 50 + 20), white));
  CHECK(same(pixel(image, 100 - 25, 50 + 36), blue));
  CHECK(same(pixel(image, 10, 10), white));
  CHECK(same(pixel(image, 130, 80), core::Color{0, 0, 0}));
  CHECK(same(pixel(image, 145, 80), white));
  CHECK(painted(image, white, 100, 68, 26, 8) > 40);
}

TEST_CASE("edges are smooth: a circle has many shades", "[render]") {
  render::CairoCanvas canvas(60, 60);
  canvas.view({0, 0, 1, 1}, white);
  canvas.circle({0.5, 0.5}, 0.4, core::filled({0, 0, 0}));
  CHECK(colors_in(canvas.image()) > 20);
}

TEST_CASE("the same strokes give the same bytes", "[render]") {
  render::CairoCanvas one(320, 240), two(320, 240);
  draw_scene(one);
  draw_scene(two);
  CHECK(one.image().pixels == two.image().pixels);
}

TEST_CASE("what is clipped away is not painted, and view lifts the clip", "[render]") {
  render::CairoCanvas canvas(100, 100);
  canvas.view({0, 0, 1, 1}, white);
  canvas.clip(core::Rect{0, 0, 0.5, 1});
  canvas.circle({0.5, 0.5}, 0.3, core::filled(red));
  CHECK(same(pixel(canvas.image(), 40, 50), red));
  CHECK(same(pixel(canvas.image(), 60, 50), white));
  canvas.view({0, 0, 1, 1}, blue);
  CHECK(same(pixel(canvas.image(), 60, 50), blue));
}

TEST_CASE("an inset keeps its scene inside its part of the page", "[render]") {
  render::CairoCanvas canvas(200, 100);
  canvas.view({0, 0, 200, 100}, white);
  {
    render::Inset inset(canvas, {100, 0, 100, 100});
    inset.view({-1, -1, 2, 2}, blue);
    inset.circle({-1, 0}, 0.5, core::filled(red));  // half of it lies outside
  }
  const core::Image image = canvas.image();
  CHECK(same(pixel(image, 150, 90), blue));
  CHECK(same(pixel(image, 110, 50), red));
  CHECK(painted(image, white, 0, 0, 100, 100) == 0);
}

TEST_CASE("the canvas writes PNG, SVG and PDF files", "[render]") {
  const Scratch scratch;
  for (const std::string& name : {std::string("a.png"), std::string("a.svg"), std::string("a.pdf")}) {
    render::CairoCanvas canvas = render::CairoCanvas::for_file(scratch / name, 80, 60);
    draw_scene(canvas);
    canvas.finish();
  }
  CHECK(bytes_of(scratch / "a.png").substr(1, 3) == "PNG");
  CHECK_THAT(bytes_of(scratch / "a.svg"), ContainsSubstring("<svg"));
  CHECK(bytes_of(scratch / "a.pdf").substr(0, 4) == "%PDF");
  CHECK_THAT(refusal([&] { render::CairoCanvas::for_file(scratch / "a.gif", 80, 60); }),
             ContainsSubstring(".png, .svg or .pdf"));
  CHECK_THAT(refusal([&] { render::CairoCanvas(0, 60); }), ContainsSubstring("0 x 60"));
  CHECK_THAT(refusal([&] { render::CairoCanvas(8, 8).save_png(scratch / "no/folder.png"); }),
             ContainsSubstring("cannot be written"));
}

TEST_CASE("a PNG holds exactly the pixels", "[render]") {
  const Scratch scratch;
  core::Image image{3, 2, 3, {}};
  for (uint8_t k = 0; k < 18; ++k) image.pixels.push_back(static_cast<uint8_t>(k * 14));
  render::write_png(image, scratch / "a.png");
  CHECK(render::read_png(scratch / "a.png").pixels == image.pixels);
  write_bytes(scratch / "b.png", "not a picture");
  CHECK_THAT(refusal([&] { render::read_png(scratch / "b.png"); }), ContainsSubstring("is no PNG"));
}

TEST_CASE("words are measured as they are drawn, and cut to the room they have", "[render]") {
  render::CairoCanvas canvas(400, 40);
  canvas.view({0, 0, 400, 40}, white);
  canvas.text({10, 10}, "HxxxxxxxxxH", 12, {0, 0, 0}, core::Align::left);
  const double width = render::text_width("HxxxxxxxxxH", 12);
  const auto right = static_cast<int>(10 + width);
  CHECK(painted(canvas.image(), white, right - 6, 0, 6, 40) > 10);
  CHECK(painted(canvas.image(), white, right + 1, 0, 400 - right - 1, 40) == 0);
  CHECK(render::text_width("\u00e4\u2192", 12) > render::text_width("a", 12));
  CHECK(render::shorten("short", 8, 400) == "short");
  const std::string step = "  \u00b7  step 300";
  CHECK(render::shorten_before("short", step, 8, 400) == "short" + step);
  const std::string whole = render::shorten_before("a name that is far too long", step, 8, 140);
  CHECK(whole.ends_with("\u2026" + step));
  CHECK(render::text_width(whole, 8) <= 140);
  CHECK(render::text_width(render::shorten_before("name", step, 8, 30), 8) <= 30);
  const std::string cut = render::shorten("a sentence that is far too long", 8, 100);
  CHECK(render::text_width(cut, 8) <= 100);
  CHECK(cut.substr(cut.size() - 3) == "\u2026");
}

}  // namespace tests::cairo_canvas
