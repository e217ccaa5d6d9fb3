// With q_ij = 1 / (1 + |y_i - y_j|^2) and their sum S, the slope is 4 (sum_j P q (y_i - y_j) - sum_j q^2 (y_i
// - y_j) / S): one pass over the pairs.
#include "generative/autoencoders/tsne_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace generative {

namespace {

// exp(-precision D) over all others, relative to the nearest.
struct Moments {
  double sum = 0, mean = 0, variance = 0;  // of D - nearest

  double entropy(double precision) const { return std::log(sum) + precision * mean; }
};

Moments weigh(const double* distances, int64_t M, int64_t self, double nearest, double precision,
              double* weights) {
  double sum = 0, first = 0, second = 0;
  for (int64_t j = 0; j < M; ++j) {
    const double beyond = distances[j] - nearest, weight = j == self ? 0 : std::exp(-precision * beyond);
    weights[j] = weight;
    sum += weight;
    first += weight * beyond;
    second += weight * beyond * beyond;
  }
  const double mean = first / sum;
  return {sum, mean, std::max(second / sum - mean * mean, 0.0)};
}

// Eight numbers at once, or four; added in this order on any machine.
template <class T>
struct Lane;
template <>
struct Lane<float> {
  using Numbers = float __attribute__((vector_size(32)));
  using Unaligned = float __attribute__((vector_size(32), aligned(4), may_alias));
};
template <>
struct Lane<double> {
  using Numbers = double __attribute__((vector_size(32)));
  using Unaligned = double __attribute__((vector_size(32), aligned(8), may_alias));
};
template <class T>
using Numbers = typename Lane<T>::Numbers;
template <class T>
constexpr int64_t width = 32 / sizeof(T);

template <class T>
void load(const T* from, Numbers<T>& to) {
  to = *reinterpret_cast<const typename Lane<T>::Unaligned*>(from);
}

template <class T>
T sum_of(const Numbers<T>& numbers) {
  T all = 0;
  for (int64_t l = 0; l < width<T>; ++l) all += numbers[l];
  return all;
}

template <class T>
struct Forces {
  T affinities = 0, pull_x = 0, pull_y = 0, push_x = 0, push_y = 0;
};

// Sums over the places met so far, a lane each.
template <class T>
struct Pairs {
  Numbers<T> affinities{}, pull_x{}, pull_y{}, push_x{}, push_y{};

  // Others that lie dx, dy from a place; `there`: 1, or 0 in a lane without one.
  void add(const Numbers<T>& p, const Numbers<T>& dx, const Numbers<T>& dy, const Numbers<T>& there) {
    const Numbers<T> q = there / (1 + dx * dx + dy * dy), attraction = p * q, repulsion = q * q;
    affinities += q;
    pull_x += attraction * dx;
    pull_y += attraction * dy;
    push_x += repulsion * dx;
    push_y += repulsion * dy;
  }
};

template <class T>
Forces<T> forces_on(const T* P, const T* x, const T* y, int64_t M, T x_i, T y_i) {
  Pairs<T> pairs;
  Numbers<T> p, x_j, y_j;
  int64_t j = 0;
  for (; j + width<T> <= M; j += width<T>) {
    load<T>(P + j, p);
    load<T>(x + j, x_j);
    load<T>(y + j, y_j);
    pairs.add(p, x_i - x_j, y_i - y_j, Numbers<T>{} + 1);
  }
  for (; j < M; ++j)
    pairs.add(Numbers<T>{P[j]}, Numbers<T>{x_i - x[j]}, Numbers<T>{y_i - y[j]}, Numbers<T>{1});
  return {sum_of<T>(pairs.affinities), sum_of<T>(pairs.pull_x), sum_of<T>(pairs.pull_y),
          sum_of<T>(pairs.push_x), sum_of<T>(pairs.push_y)};
}

template <class T>
void slope_of(const T* P, const T* x, const T* y, int64_t M, T* dx, T* dy) {
  std::vector<Forces<T>> forces(M);
  T affinities = 0;
  for (int64_t i = 0; i < M; ++i) {
    forces[i] = forces_on(P + i * M, x, y, M, x[i], y[i]);
    affinities += forces[i].affinities - 1;  // of a place to itself
  }
  for (int64_t i = 0; i < M; ++i) {
    dx[i] = 4 * (forces[i].pull_x - forces[i].push_x / affinities);
    dy[i] = 4 * (forces[i].pull_y - forces[i].push_y / affinities);
  }
}

}  // namespace

void neighbours_of_row(const double* distances, int64_t M, int64_t self, double perplexity, double* p) {
  constexpr int most_steps = 80;
  double nearest = std::numeric_limits<double>::infinity();
  for (int64_t j = 0; j < M; ++j)
    if (j != self) nearest = std::min(nearest, distances[j]);
  double low = -30, high = 30, at = 0;  // ln of the precision; the entropy falls with it
  Moments of;
  for (int step = 0; step < most_steps; ++step) {
    const double precision = std::exp(at);
    of = weigh(distances, M, self, nearest, precision, p);
    const double above = of.entropy(precision) - std::log(perplexity);
    if (std::abs(above) < 1e-12) break;
    (above > 0 ? low : high) = at;
    const double onward = at + above / (precision * precision * of.variance);
    at = onward > low && onward < high ? onward : (low + high) / 2;
  }
  for (int64_t j = 0; j < M; ++j) p[j] /= of.sum;
}

#if defined(__x86_64__)
// The same, whose lanes of eight are one instruction each; the bits are the same, too.
[[gnu::target("avx2"), gnu::flatten]] static void wide_slope(const float* P, const float* x, const float* y,
                                                             int64_t M, float* dx, float* dy) {
  slope_of(P, x, y, M, dx, dy);
}
#endif

void tsne_slope(const float* P, const float* x, const float* y, int64_t M, float* dx, float* dy) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide) return wide_slope(P, x, y, M, dx, dy);
#endif
  slope_of(P, x, y, M, dx, dy);
}

void tsne_slope(const double* P, const double* x, const double* y, int64_t M, double* dx, double* dy) {
  slope_of(P, x, y, M, dx, dy);
}

}  // namespace generative
