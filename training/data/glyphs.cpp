// Quadratic Bezier strokes, and how much of each pixel a pen along them covers.
#include "training/data/glyphs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/canvas.h"
#include "core/random.h"

namespace training::data {
namespace {

// Places are 0 .. 1 of the picture, y down.
using core::Vec;
using Stroke = std::array<Vec, 3>;  // begin, what it bends towards, end
using Glyph = std::vector<Stroke>;

Vec draw_point(core::Pcg64& random) { return {random.uniform(0.15, 0.85), random.uniform(0.15, 0.85)}; }

// Each stroke but the first begins on the one before, as pens do.
Glyph draw_glyph(core::Pcg64& random) {
  Glyph glyph(size_t(random.integers(2, 5)));
  for (size_t k = 0; k < glyph.size(); ++k) {
    for (Vec& point : glyph[k]) point = draw_point(random);
    if (k > 0) glyph[k][0] = glyph[k - 1][random.integers(0, 2) == 0 ? 0 : 2];
  }
  return glyph;
}

std::vector<Glyph> draw_alphabet(int64_t classes, uint64_t seed) {
  core::Pcg64 random(core::mix(seed, {"alphabet"}));
  std::vector<Glyph> alphabet;
  for (int64_t k = 0; k < classes; ++k) alphabet.push_back(draw_glyph(random));
  return alphabet;
}

// How one drawing differs from the glyph.
struct Hand {
  double right = 0, down = 0, turn = 0, scale = 1;

  Vec place(Vec p) const {
    const double x = scale * (p.x - 0.5), y = scale * (p.y - 0.5);
    return {0.5 + right + x * std::cos(turn) - y * std::sin(turn),
            0.5 + down + x * std::sin(turn) + y * std::cos(turn)};
  }
};

Hand draw_hand(const Glyphs& options, core::Pcg64& random) {
  const double most = options.rotation * std::numbers::pi / 180;
  Hand hand;
  hand.right = random.uniform(-0.07, 0.07), hand.down = random.uniform(-0.07, 0.07);
  hand.turn = random.uniform(-most, most), hand.scale = random.uniform(0.8, 1.1);
  return hand;
}

Vec bend(const Stroke& s, double t) {
  const double a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
  return {a * s[0].x + b * s[1].x + c * s[2].x, a * s[0].y + b * s[1].y + c * s[2].y};
}

double distance(Vec p, Vec from, Vec to) {
  const double x = to.x - from.x, y = to.y - from.y, square = x * x + y * y;
  const double along = square > 0 ? ((p.x - from.x) * x + (p.y - from.y) * y) / square : 0;
  const double t = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - from.x - t * x, p.y - from.y - t * y);
}

class Page {
 public:
  Page(int64_t side, uint8_t* pixels) : side_(side), pixels_(pixels) {}

  void write(const Stroke& stroke, double pen) {
    constexpr int pieces = 8;
    for (int k = 0; k < pieces; ++k) {
      const Vec from = scaled(bend(stroke, double(k) / pieces)),
                to = scaled(bend(stroke, double(k + 1) / pieces));
      for (int64_t y = first(from.y, to.y, pen); y < last(from.y, to.y, pen); ++y)
        for (int64_t x = first(from.x, to.x, pen); x < last(from.x, to.x, pen); ++x)
          ink(x, y, pen / 2 - distance({double(x) + 0.5, double(y) + 0.5}, from, to) + 0.5);
    }
  }

 private:
  Vec scaled(Vec p) const { return {p.x * double(side_), p.y * double(side_)}; }
  // The pixels of a row or column that the pen can reach between a and b.
  int64_t first(double a, double b, double pen) const {
    return std::clamp<int64_t>(int64_t(std::floor(std::min(a, b) - pen)), 0, side_);
  }
  int64_t last(double a, double b, double pen) const {
    return std::clamp<int64_t>(int64_t(std::ceil(std::max(a, b) + pen)), 0, side_);
  }
  void ink(int64_t x, int64_t y, double cover) {
    uint8_t& pixel = pixels_[y * side_ + x];
    pixel = std::max(pixel, uint8_t(std::lround(255 * std::clamp(cover, 0.0, 1.0))));
  }

  int64_t side_;
  uint8_t* pixels_;
};

Vec moved(Vec p, double wobble, core::Pcg64& random) {
  return {p.x + random.uniform(-wobble, wobble), p.y + random.uniform(-wobble, wobble)};
}

// Pieces of other glyphs, which mean nothing.
void scatter(Page& page, int64_t strokes, double pen, core::Pcg64& random) {
  for (int64_t k = 0; k < strokes; ++k) {
    const Vec at{random.random(), random.random()};
    page.write({moved(at, 0.15, random), at, moved(at, 0.15, random)}, pen);
  }
}

// Writes one picture of `glyph`, and what is true of it.
void write_glyph(const Glyphs& options, const Glyph& glyph, core::Pcg64& random, uint8_t* pixels,
                 float* state) {
  const auto side = double(options.side);
  const Hand hand = draw_hand(options, random);
  const double pen = side * random.uniform(0.05, 0.09);
  Page page(options.side, pixels);
  for (Stroke stroke : glyph) {
    for (Vec& point : stroke) point = hand.place(moved(point, options.wobble, random));
    page.write(stroke, pen);
  }
  scatter(page, std::llround(options.clutter * random.random()), pen, random);
  const std::array<double, 4> truth{side * hand.right, side * hand.down, hand.turn, hand.scale};
  for (size_t k = 0; k < truth.size(); ++k) state[k] = float(truth[k]);
}

Dataset write_glyphs(const Glyphs& options, const std::vector<Glyph>& alphabet, int64_t rows, uint64_t seed) {
  const int64_t side = options.side, classes = options.classes;
  core::Pcg64 random(seed);
  const auto pixels = torch::zeros({rows, 1, side, side}, torch::kUInt8), state = torch::empty({rows, 4});
  const auto targets = torch::empty({rows}, torch::kInt64);
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t kind = random.integers(0, classes);
    targets.data_ptr<int64_t>()[row] = kind;
    write_glyph(options, alphabet[size_t(kind)], random, pixels.data_ptr<uint8_t>() + row * side * side,
                state.data_ptr<float>() + row * 4);
  }
  Dataset set(pixels, targets);
  for (int64_t k = 0; k < classes; ++k) set.classes.push_back(std::to_string(k));
  set.rows.set(column::state, state);
  return set;
}

}  // namespace

void Glyphs::fields(core::Fields& f) {
  f.add("classes", classes, "Glyphs in the alphabet", {.min = 2, .max = 2000});
  f.add("side", side, "Of a picture", {.min = 12, .max = 256, .unit = "pixels"});
  f.add("unseen", unseen, "To choose by and to test on: glyphs of an alphabet that was not learned");
  f.add("rotation", rotation, "Largest turn of a drawing", {.min = 0, .max = 180, .unit = "degrees"});
  f.add("wobble", wobble, "How far the ends of a stroke move, as a share of the side",
        {.min = 0, .max = 0.2});
  f.add("clutter", clutter, "Largest number of strokes beside it that mean nothing", {.min = 0, .max = 50});
  sizes.fields(f);
}

Data Glyphs::load() const {
  sizes.require(side * side / 8 + 5);
  const std::vector<Glyph> shared = draw_alphabet(classes, uint64_t(sizes.seed));
  return sizes.parts_of([&](uint64_t part) -> DrawRows {
    return [own = *this, alphabet = unseen ? draw_alphabet(classes, part) : shared](
               int64_t rows, uint64_t seed) { return write_glyphs(own, alphabet, rows, seed); };
  });
}

}  // namespace training::data
