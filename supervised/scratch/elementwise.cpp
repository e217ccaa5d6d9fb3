#include "supervised/scratch/elementwise.h"

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "supervised/scratch/broadcast.h"

namespace supervised::scratch {
namespace {

// out = f(x, y); slope_x(x, y) and slope_y(x, y) are its slopes.
template <class T, class F, class SlopeX, class SlopeY>
Tensor<T> combine(const char* name, const Tensor<T>& x, const Tensor<T>& y, F f, SlopeX slope_x,
                  SlopeY slope_y) {
  using Node = typename Tensor<T>::Node;
  const Broadcast walk = broadcast(x.shape(), y.shape(), name);
  const auto backward = [walk, slope_x, slope_y](Node& out) {
    Node &first = *out.inputs[0], &second = *out.inputs[1];
    const T *u = first.values.get(), *v = second.values.get(), *d = out.gradient.get();
    if (first.wants_gradient)
      walk.each_run(
          [=, to = first.slopes()](int64_t i, int64_t p, int64_t q, int64_t n, int64_t dp, int64_t dq) {
            for (int64_t k = 0; k < n; ++k)
              to[p + k * dp] += slope_x(u[p + k * dp], v[q + k * dq]) * d[i + k];
          });
    if (second.wants_gradient)
      walk.each_run(
          [=, to = second.slopes()](int64_t i, int64_t p, int64_t q, int64_t n, int64_t dp, int64_t dq) {
            for (int64_t k = 0; k < n; ++k)
              to[q + k * dq] += slope_y(u[p + k * dp], v[q + k * dq]) * d[i + k];
          });
  };
  Tensor<T> out = Tensor<T>::made(walk.shape, {x, y}, backward);
  walk.each_run([f, u = x.values(), v = y.values(), to = out.values()](int64_t i, int64_t p, int64_t q,
                                                                       int64_t n, int64_t dp, int64_t dq) {
    for (int64_t k = 0; k < n; ++k) to[i + k] = f(u[p + k * dp], v[q + k * dq]);
  });
  return out;
}

// out = f(x); slope(x, out) is its slope.
template <class T, class F, class Slope>
Tensor<T> map(const Tensor<T>& x, F f, Slope slope) {
  using Node = typename Tensor<T>::Node;
  Tensor<T> out = Tensor<T>::made(x.shape(), {x}, [slope](Node& y) {
    const T *u = y.inputs[0]->values.get(), *v = y.values.get(), *d = y.gradient.get();
    T* to = y.inputs[0]->slopes();
    for (int64_t i = 0, n = count(y.shape); i < n; ++i) to[i] += slope(u[i], v[i]) * d[i];
  });
  const T* u = x.values();
  T* to = out.values();
  for (int64_t i = 0, n = x.count(); i < n; ++i) to[i] = f(u[i]);
  return out;
}

}  // namespace

template <class T>
Tensor<T> operator+(const Tensor<T>& x, const Tensor<T>& y) {
  const auto one = [](T, T) { return T(1); };
  return combine(
      "+", x, y, [](T u, T v) { return u + v; }, one, one);
}

template <class T>
Tensor<T> operator-(const Tensor<T>& x, const Tensor<T>& y) {
  return combine(
      "-", x, y, [](T u, T v) { return u - v; }, [](T, T) { return T(1); }, [](T, T) { return T(-1); });
}

template <class T>
Tensor<T> operator*(const Tensor<T>& x, const Tensor<T>& y) {
  return combine(
      "*", x, y, [](T u, T v) { return u * v; }, [](T, T v) { return v; }, [](T u, T) { return u; });
}

template <class T>
Tensor<T> operator/(const Tensor<T>& x, const Tensor<T>& y) {
  return combine(
      "/", x, y, [](T u, T v) { return u / v; }, [](T, T v) { return 1 / v; },
      [](T u, T v) { return -u / (v * v); });
}

template <class T>
Tensor<T> scale(const Tensor<T>& x, double factor, double shift) {
  const T a = static_cast<T>(factor), b = static_cast<T>(shift);
  return map(
      x, [a, b](T u) { return a * u + b; }, [a](T, T) { return a; });
}

template <class T>
Tensor<T> pow(const Tensor<T>& x, double exponent) {
  const T n = static_cast<T>(exponent);
  return map(
      x, [n](T u) { return std::pow(u, n); }, [n](T u, T) { return n * std::pow(u, n - 1); });
}

template <class T>
Tensor<T> exp(const Tensor<T>& x) {
  return map(
      x, [](T u) { return std::exp(u); }, [](T, T v) { return v; });
}

template <class T>
Tensor<T> log(const Tensor<T>& x) {
  return map(
      x, [](T u) { return std::log(u); }, [](T u, T) { return 1 / u; });
}

template <class T>
Tensor<T> tanh(const Tensor<T>& x) {
  return map(
      x, [](T u) { return std::tanh(u); }, [](T, T v) { return 1 - v * v; });
}

template <class T>
Tensor<T> sigmoid(const Tensor<T>& x) {
  return map(
      x, [](T u) { return 1 / (1 + std::exp(-u)); }, [](T, T v) { return v * (1 - v); });
}

template <class T>
Tensor<T> relu(const Tensor<T>& x) {
  return map(
      x, [](T u) { return u > 0 ? u : T(0); }, [](T u, T) { return u > 0 ? T(1) : T(0); });
}

template <class T>
static Tensor<T> leaky_relu(const Tensor<T>& x) {
  constexpr T low = T(0.01);
  return map(
      x, [](T u) { return u > 0 ? u : low * u; }, [](T u, T) { return u > 0 ? T(1) : low; });
}

template <class T>
static Tensor<T> elu(const Tensor<T>& x) {
  return map(
      x, [](T u) { return u > 0 ? u : std::exp(u) - 1; }, [](T u, T v) { return u > 0 ? T(1) : v + 1; });
}

// x Phi(x), Phi the normal distribution's.
template <class T>
static Tensor<T> gelu(const Tensor<T>& x) {
  constexpr T root = std::numbers::sqrt2_v<T>, peak = std::numbers::inv_sqrtpi_v<T> / root;
  const auto below = [](T u) { return (1 + std::erf(u / root)) / 2; };
  return map(
      x, [below](T u) { return u * below(u); },
      [below](T u, T) { return below(u) + u * peak * std::exp(-u * u / 2); });
}

template <class T>
Tensor<T> activate(const Tensor<T>& x, const std::string& name) {
  if (name == "relu") return relu(x);
  if (name == "tanh") return tanh(x);
  if (name == "gelu") return gelu(x);
  if (name == "silu") return x * sigmoid(x);
  if (name == "elu") return elu(x);
  if (name == "leaky_relu") return leaky_relu(x);
  if (name == "sigmoid") return sigmoid(x);
  core::check(name == "identity", "unknown activation '{}'", name);
  return x;
}

template Tensor<float> operator+(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> operator+(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> operator-(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> operator-(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> operator*(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> operator*(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> operator/(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> operator/(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> scale(const Tensor<float>&, double, double);
template Tensor<double> scale(const Tensor<double>&, double, double);
template Tensor<float> pow(const Tensor<float>&, double);
template Tensor<double> pow(const Tensor<double>&, double);
template Tensor<float> exp(const Tensor<float>&);
template Tensor<double> exp(const Tensor<double>&);
template Tensor<float> log(const Tensor<float>&);
template Tensor<double> log(const Tensor<double>&);
template Tensor<float> tanh(const Tensor<float>&);
template Tensor<double> tanh(const Tensor<double>&);
template Tensor<float> sigmoid(const Tensor<float>&);
template Tensor<double> sigmoid(const Tensor<double>&);
template Tensor<float> relu(const Tensor<float>&);
template Tensor<double> relu(const Tensor<double>&);
template Tensor<float> activate(const Tensor<float>&, const std::string&);
template Tensor<double> activate(const Tensor<double>&, const std::string&);

}  // namespace supervised::scratch
