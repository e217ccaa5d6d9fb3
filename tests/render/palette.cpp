// The palette stays apart for colour-blind eyes, the map is even.
#include "render/palette.h"

#include <array>
#include <cmath>

#include "tests/catch.h"

namespace tests::palette {

namespace {

using Triple = std::array<double, 3>;

double linear(uint8_t c) { return c <= 10 ? c / 255.0 / 12.92 : std::pow((c / 255.0 + 0.055) / 1.055, 2.4); }

// CIE L*a*b* (D65) of linear sRGB.
Triple lab(const Triple& rgb) {
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
  const double x = f((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
  const double y = f(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
  const double z = f((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

Triple linear(core::Color c) { return {linear(c.r), linear(c.g), linear(c.b)}; }

// What a dichromat sees: Machado, Oliveira & Fernandes (2009), severity 1, on linear sRGB.
Triple seen(const Triple& rgb, const std::array<Triple, 3>& eye) {
  Triple out{};
  for (size_t i = 0; i < 3; ++i)
    for (size_t j = 0; j < 3; ++j) out[i] += eye[i][j] * rgb[j];
  for (double& channel : out) channel = std::clamp(channel, 0.0, 1.0);
  return out;
}

double distance(const Triple& a, const Triple& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

constexpr std::array<Triple, 3> normal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr std::array<Triple, 3> protan{
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr std::array<Triple, 3> deutan{
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr std::array<Triple, 3> tritan{
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

// WCAG 2.1: 1 .. 21.
double contrast(core::Color a, core::Color b) {
  const double x = render::luminance(a) + 0.05, y = render::luminance(b) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

}  // namespace

TEST_CASE("the seven series colours stay apart for every common kind of eye", "[render]") {
  for (const auto& eye : {normal, protan, deutan, tritan})
    for (size_t a = 0; a < 7; ++a)
      for (size_t b = a + 1; b < 7; ++b) {
        INFO("colours " << render::hex(render::series_color(a)) << " and "
                        << render::hex(render::series_color(b)));
        CHECK(distance(lab(seen(linear(render::series_color(a)), eye)),
                       lab(seen(linear(render::series_color(b)), eye))) > 15);
      }
}

TEST_CASE("the map grows lighter all the way, in even steps, for colour-blind eyes too", "[render]") {
  for (const auto& eye : {normal, protan, deutan}) {
    double before = lab(seen(linear(render::viridis(0)), eye))[0];
    for (int k = 1; k <= 20; ++k) {
      const double lightness = lab(seen(linear(render::viridis(k / 20.0)), eye))[0];
      CHECK(lightness > before + 1);
      CHECK(lightness < before + 8);
      before = lightness;
    }
  }
}

TEST_CASE("words can be read on paper and on panels, lines be seen on paper", "[render]") {
  for (const core::Color ground : {render::palette::paper, render::palette::panel})
    for (const core::Color words : {render::palette::ink, render::palette::quiet, render::palette::series[0]})
      CHECK(contrast(words, ground) > 4.5);
  for (const core::Color line : render::palette::series) CHECK(contrast(line, render::palette::paper) > 2.2);
}

TEST_CASE("words can be read on every colour of the ramp", "[render]") {
  for (int k = 0; k <= 20; ++k) {
    const core::Color ground = render::ramp(k / 20.0), words = render::words_on(ground);
    CHECK(contrast(ground, words) > 3.5);
  }
  CHECK(render::hex({0, 114, 178}) == "#0072b2");
}

}  // namespace tests::palette
