// Signed distances to a shape's edge, and from them how much of each pixel it covers.
#include "training/data/shapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/nearest.h"
#include "core/random.h"

namespace training::data {
namespace {

using torch::Tensor;

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names{"circle", "cross", "square", "triangle"};
  return names;
}

const std::vector<std::string>& factors() {
  static const std::vector<std::string> names{"x", "y", "size", "rotation", "brightness"};
  return names;
}

// After this much of a turn the shape looks the same, so that rotations are drawn from 0 to it; radians.
double period(int64_t kind) {
  constexpr double pi = std::numbers::pi;
  static constexpr std::array periods{0.0, pi / 2, pi / 2, 2 * pi / 3};
  return periods[size_t(kind)];
}

// How deep (u, v) lies within the kind's shape, which touches the unit circle around 0; negative outside.
double depth(int64_t kind, double u, double v) {
  const double a = std::abs(u), b = std::abs(v), half = std::numbers::sqrt2 / 2,
               slope = std::numbers::sqrt3 / 2;
  if (kind == 0) return 1 - std::hypot(u, v);
  if (kind == 1) return std::max(std::min(0.95 - a, 0.3 - b), std::min(0.3 - a, 0.95 - b));
  if (kind == 2) return half - std::max(a, b);
  return 0.5 - std::max({-v, slope * u + v / 2, -slope * u + v / 2});  // three sides, half a radius from 0
}

struct Shape {
  int64_t kind = 0;
  double x = 0, y = 0, size = 0, rotation = 0, brightness = 0;  // pixels, radians, 0 .. 1

  // 0 .. 1 of the pixel in this column and row.
  double cover(int64_t column, int64_t row) const {
    const double right = double(column) + 0.5 - x, down = double(row) + 0.5 - y;
    const double u = (right * std::cos(rotation) + down * std::sin(rotation)) / size,
                 v = (down * std::cos(rotation) - right * std::sin(rotation)) / size;
    return std::clamp(depth(kind, u, v) * size + 0.5, 0.0, 1.0);
  }
};

Shape draw_shape(const Shapes& options, core::Pcg64& random) {
  const auto side = double(options.side);
  Shape shape;
  shape.kind = random.integers(0, std::ssize(kinds()));
  shape.size = side * random.uniform(options.smallest, options.largest);
  shape.x = random.uniform(shape.size, side - shape.size);
  shape.y = random.uniform(shape.size, side - shape.size);
  shape.rotation = random.uniform(0, period(shape.kind));
  shape.brightness = random.uniform(0.4, 1);
  return shape;
}

// The rows of a part while they are drawn.
class Drawing {
 public:
  Drawing(const Shapes& options, int64_t rows)
      : options_(options),
        pixels_(torch::zeros({rows, 1, options.side, options.side}, torch::kUInt8)),
        mask_(torch::zeros({rows, options.side, options.side}, torch::kBool)) {}

  void ground(int64_t row, core::Pcg64& random);
  void add(int64_t row, const Shape& shape);
  void end_row() { offsets_.push_back(std::ssize(labels_)); }
  Dataset rows() const;

 private:
  int64_t area() const { return options_.side * options_.side; }
  void label(Dataset& set) const;

  const Shapes& options_;
  Tensor pixels_, mask_;
  std::vector<float> boxes_, centres_, factors_;
  std::vector<int64_t> labels_, offsets_{0};
};

void Drawing::ground(int64_t row, core::Pcg64& random) {
  if (options_.noise == 0) return;
  uint8_t* pixel = pixels_.data_ptr<uint8_t>() + row * area();
  for (int64_t i = 0; i < area(); ++i) pixel[i] = uint8_t(255 * options_.noise * random.random());
}

void Drawing::add(int64_t row, const Shape& shape) {
  uint8_t* pixel = pixels_.data_ptr<uint8_t>() + row * area();
  bool* mask = mask_.data_ptr<bool>() + row * area();
  int64_t left = options_.side, top = options_.side, right = 0, bottom = 0;
  for (int64_t y = 0; y < options_.side; ++y)
    for (int64_t x = 0; x < options_.side; ++x, ++pixel, ++mask) {
      const double cover = shape.cover(x, y);
      *pixel = uint8_t(std::lround(*pixel * (1 - cover) + 255 * shape.brightness * cover));
      if (cover < 0.5) continue;
      *mask = true;
      left = std::min(left, x), right = std::max(right, x + 1);
      top = std::min(top, y), bottom = std::max(bottom, y + 1);
    }
  boxes_.insert(boxes_.end(), {float(left), float(top), float(right - left), float(bottom - top)});
  centres_.insert(centres_.end(), {float(shape.x), float(shape.y)});
  factors_.insert(factors_.end(), {float(shape.x), float(shape.y), float(shape.size), float(shape.rotation),
                                   float(shape.brightness)});
  labels_.push_back(shape.kind);
}

// Of pictures of one shape alone.
void Drawing::label(Dataset& set) const {
  const Tensor state = torch::tensor(factors_).view({-1, std::ssize(factors())});
  set.rows.set(column::state, state);
  if (options_.targets.empty()) {
    set.rows.set(column::targets, torch::tensor(labels_));
    set.classes = kinds();
    return;
  }
  std::vector<Tensor> numbers;
  for (const std::string& target : options_.targets) {
    const int64_t place = std::find(factors().begin(), factors().end(), target) - factors().begin();
    core::check(place < std::ssize(factors()), "data.targets: shapes have no '{}'{}", target,
                core::suggestion(target, factors()));
    numbers.push_back(state.select(1, place));
  }
  set.rows.set(column::targets, torch::stack(numbers, 1)), set.numbers = options_.targets;
}

Dataset Drawing::rows() const {
  Dataset set(pixels_, {});
  if (options_.most == 1) label(set);
  const Tensor offsets = torch::tensor(offsets_);
  set.rows.set(column::mask, mask_);
  set.rows.set(column::boxes, torch::tensor(boxes_).view({-1, 4}), offsets);
  set.rows.set(column::centres, torch::tensor(centres_).view({-1, 2}), offsets);
  set.rows.set(column::labels, torch::tensor(labels_), offsets);
  set.kinds = kinds();
  return set;
}

}  // namespace

void Shapes::fields(core::Fields& f) {
  f.add("side", side, "Of a picture", {.min = 8, .max = 1024, .unit = "pixels"});
  f.add("most", most, "Shapes in a picture, 1 .. so many", {.min = 1, .max = 100});
  f.add("smallest", smallest, "Radius of the smallest shapes, as a share of the side",
        {.min = 0.1, .max = 0.5});
  f.add("largest", largest, "Radius of the largest", {.min = 0.1, .max = 0.5});
  f.add("noise", noise, "Brightness of the grain on the ground", {.min = 0, .max = 1});
  f.add("targets", targets,
        "Numbers to be read from a picture of one shape: x, y, size (its radius, in pixels), rotation "
        "(radians, up "
        "to where the shape looks the same again), brightness; []: its kind");
  sizes.fields(f);
}

Data Shapes::load() const {
  core::check(smallest <= largest, "data.smallest: expected at most data.largest, {}, found {}", largest,
              smallest);
  core::check(most == 1 || targets.empty(), "data.targets: expected [] where pictures have several shapes");
  sizes.require(side * side / 4 + 16 * most);
  return sizes.parts([own = *this](int64_t rows, uint64_t seed) {
    core::Pcg64 random(seed);
    Drawing drawing(own, rows);
    for (int64_t row = 0; row < rows; ++row) {
      drawing.ground(row, random);
      const int64_t shapes = own.most == 1 ? 1 : random.integers(1, own.most + 1);
      for (int64_t k = 0; k < shapes; ++k) drawing.add(row, draw_shape(own, random));
      drawing.end_row();
    }
    return drawing.rows();
  });
}

}  // namespace training::data
