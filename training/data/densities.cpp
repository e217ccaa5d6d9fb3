// Samplers on our own generator (the same points under every LibTorch), log densities in float64.
#include "training/data/densities.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/memory.h"
#include "core/random.h"

namespace training::data {
namespace {

using torch::Tensor;
using LogDensity = std::function<Tensor(const Tensor&)>;

struct Point {
  double x, y;
  int64_t label;
};

Point with_noise(Point p, double noise, core::Pcg64& random) {  // Box & Muller (1958)
  const double r = noise * std::sqrt(-2 * std::log(1 - random.random())), t = 2 * M_PI * random.random();
  return {p.x + r * std::cos(t), p.y + r * std::sin(t), p.label};
}

Dataset draw(int64_t rows, uint64_t seed, const std::vector<std::string>& classes,
             const std::function<Point(core::Pcg64&)>& sample) {
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, 2}), {}, classes};
  if (!classes.empty()) set.rows.set(column::targets, torch::empty({rows}, torch::kInt64));
  for (int64_t i = 0; i < rows; ++i) {
    const Point p = sample(random);
    set.inputs().data_ptr<float>()[2 * i] = float(p.x);
    set.inputs().data_ptr<float>()[2 * i + 1] = float(p.y);
    if (!classes.empty()) set.targets().data_ptr<int64_t>()[i] = p.label;
  }
  return set;
}

Data draw_all(const SplitSizes& sizes, const std::vector<std::string>& classes,
              const std::function<Point(core::Pcg64&)>& sample) {
  sizes.require(2);
  return sizes.parts([=](int64_t rows, uint64_t seed) { return draw(rows, seed, classes, sample); });
}

// Nodes and weights of Gauss-Legendre quadrature on [0, pi], by Newton's method on the Legendre polynomial.
std::pair<Tensor, Tensor> gauss_legendre(int64_t n) {
  Tensor nodes = torch::empty({n}, torch::kFloat64), weights = torch::empty({n}, torch::kFloat64);
  for (int64_t i = 0; i < n; ++i) {
    double x = std::cos(M_PI * (double(i) + 0.75) / (double(n) + 0.5)), slope = 0;
    for (int newton = 0; newton < 100; ++newton) {
      double p = 1, before = 0;
      for (int64_t k = 0; k < n; ++k)
        before = std::exchange(p, ((2 * double(k) + 1) * x * p - double(k) * before) / (double(k) + 1));
      slope = double(n) * (x * p - before) / (x * x - 1);
      const double change = p / slope;
      x -= change;
      if (std::abs(change) < 1e-15) break;
    }
    nodes[i] = 0.5 * M_PI * (x + 1);
    weights[i] = M_PI / ((1 - x * x) * slope * slope);
  }
  return {nodes, weights};
}

// ln of the mean over k of exp(weight_k) N(x; centre_k, noise^2 I): x [M, 2], centres [K, 2], log_weights
// [K].
Tensor log_mixture(const Tensor& x, const Tensor& centres, const Tensor& log_weights, double noise) {
  const Tensor squared = (x.unsqueeze(1) - centres).square().sum(-1);  // [M, K]
  return torch::logsumexp(squared / (-2 * noise * noise) + log_weights, 1) -
         std::log(2 * M_PI * noise * noise);
}

LogDensity moons_log_density(double noise) {
  const auto [t, weights] = gauss_legendre(static_cast<int64_t>(std::ceil(64 + 8 / noise)));
  const Tensor outer = torch::stack({t.cos(), t.sin()}, 1),
               inner = torch::stack({1 - t.cos(), 0.5 - t.sin()}, 1);
  const Tensor centres = torch::cat({outer, inner}), log_weights = (weights / (2 * M_PI)).log().repeat({2});
  return [=](const Tensor& x) { return log_mixture(x.to(torch::kFloat64), centres, log_weights, noise); };
}

Tensor ring_centres(int64_t modes, double radius) {  // [K, 2]
  const Tensor t = torch::arange(modes, torch::kFloat64) * (2 * M_PI / double(modes));
  return radius * torch::stack({t.cos(), t.sin()}, 1);
}

LogDensity ring_log_density(const Tensor& centres, double noise) {
  const auto modes = centres.size(0);
  const Tensor log_weights = torch::full({modes}, -std::log(double(modes)), torch::kFloat64);
  return [=](const Tensor& x) { return log_mixture(x.to(torch::kFloat64), centres, log_weights, noise); };
}

// The angle is integrated in closed form: p(r) = exp(-(r - 1)^2 / 2 s^2) I0e(r / s^2) / 2 pi s^2.
LogDensity donut_log_density(double noise) {
  const double s2 = noise * noise;
  return [s2](const Tensor& x) {
    const Tensor r = x.to(torch::kFloat64).norm(2, 1);
    return (r - 1).square() / (-2 * s2) + at::special_i0e(r / s2).log() - std::log(2 * M_PI * s2);
  };
}

Tensor checkerboard_log_density(const Tensor& x) {
  const Tensor cell = torch::floor(x.to(torch::kFloat64) / 2);  // [M, 2], -2 .. 1 on the board
  const Tensor on_board = ((cell >= -2) & (cell <= 1)).all(1);
  const Tensor filled = torch::remainder(cell.sum(1), 2) == 0;
  return torch::where(on_board & filled, torch::full({x.size(0)}, -std::log(32.0), torch::kFloat64),
                      torch::full({x.size(0)}, -INFINITY, torch::kFloat64));
}

}  // namespace

double entropy_on_grid(const LogDensity& log_density, double x_min, double x_max, double y_min, double y_max,
                       double step) {
  const auto midpoints = [&](double from, double to) {
    const auto n = static_cast<int64_t>(std::ceil((to - from) / step));
    return from + (torch::arange(n, torch::kFloat64) + 0.5) * step;
  };
  const Tensor y = midpoints(y_min, y_max);
  double sum = 0;
  for (const Tensor& x : midpoints(x_min, x_max).unbind()) {  // one column at a time: the grid may be large
    const Tensor log_p = log_density(torch::stack({x.expand_as(y), y}, 1));
    sum -= (log_p.exp() * log_p).sum().item<double>();
  }
  return sum * step * step;
}

void SplitSizes::fields(core::Fields& f) {
  f.add("train_size", train_size, "Rows to learn from; with `endless`, those that are called an epoch",
        {.min = 1});
  f.add("valid_size", valid_size, "Points to choose by; null: as many as are tested on", {.min = 1});
  f.add("test_size", test_size, "Points to be tested on", {.min = 1});
  f.add("seed", seed, "Of these points; the run's own seed does not change them", {.min = 0});
  f.add("endless", endless,
        "What is learned from is drawn anew for each batch, by the run's own seed, and no row comes twice");
}

Data SplitSizes::parts(const DrawRows& draw) const {
  return parts_of([&](uint64_t) { return draw; });
}

Data SplitSizes::parts_of(const std::function<DrawRows(uint64_t)>& drawer) const {
  const auto seed_of = [&](const char* name) { return core::mix(uint64_t(seed), {core::Part(name)}); };
  const auto part = [&](int64_t rows, const char* name) {
    return drawer(seed_of(name))(rows, seed_of(name));
  };
  Data data{part(table_rows(), "train"),
            part(valid_size.value_or(test_size), "valid"),
            part(test_size, "test"),
            {}};
  if (endless) data.endless = Endless{drawer(seed_of("train")), train_size};
  return data;
}

int64_t SplitSizes::table_rows() const {
  constexpr int64_t examples = 1000;
  return endless ? std::min(train_size, examples) : train_size;
}

void SplitSizes::require(int64_t numbers) const {
  const double rows = double(table_rows()) + double(valid_size.value_or(test_size)) + double(test_size);
  core::require_memory(8 * (double(numbers) + 1) * rows,
                       fmt::format("data: {:.3g} rows of {} numbers", rows, numbers));
}

void Checkerboard::fields(core::Fields& f) { sizes.fields(f); }

Data Checkerboard::load() const {
  Data data = draw_all(sizes, {}, [](core::Pcg64& random) {
    const int64_t row = random.integers(0, 4), column = 2 * random.integers(0, 2) + row % 2;
    return Point{2 * double(column) - 4 + 2 * random.random(), 2 * double(row) - 4 + 2 * random.random(), 0};
  });
  data.entropy = std::log(32.0);
  data.log_density = checkerboard_log_density;
  return data;
}

void Donut::fields(core::Fields& f) {
  sizes.fields(f);
  f.add("noise", noise, "Standard deviation around the circle", {.min = 0.02, .max = 10});
}

Data Donut::load() const {
  Data data = draw_all(sizes, {}, [noise = noise](core::Pcg64& random) {
    const double t = 2 * M_PI * random.random();
    return with_noise({std::cos(t), std::sin(t), 0}, noise, random);
  });
  data.log_density = donut_log_density(noise);
  const double reach = 1 + 9 * noise;
  data.entropy = entropy_on_grid(data.log_density, -reach, reach, -reach, reach, noise / 4);
  return data;
}

void Moons::fields(core::Fields& f) {
  sizes.fields(f);
  f.add("noise", noise, "Standard deviation around the half circles", {.min = 0.02, .max = 10});
}

Data Moons::load() const {
  Data data = draw_all(sizes, {"outer", "inner"}, [noise = noise](core::Pcg64& random) {
    const int64_t inner = random.integers(0, 2);
    const double t = M_PI * random.random(), x = std::cos(t), y = std::sin(t);
    return with_noise(inner ? Point{1 - x, 0.5 - y, 1} : Point{x, y, 0}, noise, random);
  });
  data.log_density = moons_log_density(noise);
  const double margin = 9 * noise;
  data.entropy =
      entropy_on_grid(data.log_density, -1 - margin, 2 + margin, -0.5 - margin, 1 + margin, noise / 4);
  return data;
}

void Ring::fields(core::Fields& f) {
  sizes.fields(f);
  f.add("modes", modes, "Gaussians on the circle", {.min = 1, .max = 64});
  f.add("radius", radius, "Of the circle", {.min = 0});
  f.add("noise", noise, "Standard deviation of each Gaussian", {.min = 0.02, .max = 10});
}

Data Ring::load() const {
  std::vector<std::string> classes;
  for (int64_t k = 0; k < modes; ++k) classes.push_back(std::to_string(k));
  Data data = draw_all(sizes, classes, [modes = modes, radius = radius, noise = noise](core::Pcg64& random) {
    const int64_t mode = random.integers(0, modes);
    const double t = 2 * M_PI * double(mode) / double(modes);
    return with_noise({radius * std::cos(t), radius * std::sin(t), mode}, noise, random);
  });
  data.mixture = Mixture{ring_centres(modes, radius), noise};
  data.log_density = ring_log_density(data.mixture->centres, noise);
  const double reach = radius + 9 * noise;
  data.entropy = entropy_on_grid(data.log_density, -reach, reach, -reach, reach, noise / 4);
  return data;
}

}  // namespace training::data
