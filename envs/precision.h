// The two precisions of one text: an environment is a template on one of these.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/random.h"

namespace envs {

// Double, libm and NumPy's generator: the same seed gives the same episodes as Gymnasium, bit for bit.
struct Exact {
  using Real = double;
  using Random = core::Pcg64;  // one per environment, continuing across its episodes
  static double sin(double x) { return std::sin(x); }
  static double cos(double x) { return std::cos(x); }
  // NumPy's cosine and sine of a float32 on a processor with fused multiply-add: its polynomials up to pi/4,
  // beyond which no first state lies that Gymnasium draws.
  static float cos_32(float x) {
    const float z = x * x;
    const float high = fused(fused(0x1.98e616p-16f, z, -0x1.6c06dcp-10f), z, 0x1.55553cp-5f);
    const float near = fused(fused(high, z, -0.5f), z, 1);
    return std::abs(x) <= eighth ? near : float(cos(double(x)));
  }
  static float sin_32(float x) {
    const float z = x * x;
    const float high = fused(fused(0x1.7d3bbcp-19f, z, -0x1.a06bbap-13f), z, 0x1.11119ap-7f);
    const float near = fused(fused(high, z, -0x1.555556p-3f) * z, x, x);
    return std::abs(x) <= eighth ? near : float(sin(double(x)));
  }
  // Python's x ** 2: libm's pow, whose last bit differs from x * x about once in a thousand. The compiler,
  // which takes the two for the same, must not know the exponent.
  static double square(double x) {
    static const volatile double two = 2;
    return std::pow(x, two);
  }
  // Python's x % y for y > 0: the result is in [0, y].
  static double modulo(double x, double y) {
    const double rest = std::fmod(x, y);
    return rest < 0 ? rest + y : rest;
  }
  // An angle plus or minus whole turns, in [-half, half], where `half` is half a turn; as Gymnasium's wrap.
  static double wrap(double angle, double half) {
    if (std::abs(angle) > 1000 * half) angle = std::remainder(angle, 2 * half);  // not turn by turn
    while (angle > half) angle -= 2 * half;
    while (angle < -half) angle += 2 * half;
    return angle;
  }

 private:
  static constexpr float eighth = 0.785398f;  // of a turn
  // a b + c, rounded once: the product of two floats is exact in double.
  static float fused(float a, float b, float c) { return float(double(a) * double(b) + double(c)); }
};

// Float, polynomials and a counter-based generator: branch-free, so that the compiler vectorises it.
struct Fast {
  using Real = float;
  using Random = core::Philox;  // a function of seed, episode and step: nothing is stored

  // Absolute error below 2e-7 for |x| < 1000 (Cody & Waite 1980; coefficients of Cephes' sinf and cosf).
  static float sin(float x) {
    const int32_t quarter = nearest(x * 0.636619772f);
    const float rest = reduce(x, quarter), y = quarter & 1 ? cos_near_0(rest) : sin_near_0(rest);
    return quarter & 2 ? -y : y;
  }
  static float cos(float x) {
    const int32_t quarter = nearest(x * 0.636619772f);
    const float rest = reduce(x, quarter), y = quarter & 1 ? sin_near_0(rest) : cos_near_0(rest);
    return (quarter + 1) & 2 ? -y : y;
  }
  static float cos_32(float x) { return cos(x); }
  static float sin_32(float x) { return sin(x); }
  static float square(float x) { return x * x; }
  static float modulo(float x, float y) {
    const float ratio = x / y, whole = float(int32_t(ratio));
    return x - y * (whole > ratio ? whole - 1 : whole);
  }
  static float wrap(float angle, float half) { return angle - 2 * half * float(nearest(angle / (2 * half))); }

 private:
  static int32_t nearest(float x) { return int32_t(x + (x < 0 ? -0.5f : 0.5f)); }
  static float reduce(float x, int32_t quarter) {  // x - quarter pi/2 in three exact parts
    const float q = float(quarter);
    return ((x - q * 1.5703125f) - q * 4.837512969970703125e-4f) - q * 7.54978995489188216e-8f;
  }
  static float sin_near_0(float x) {  // |x| <= pi/4
    const float z = x * x;
    return x + x * z * (-1.6666654611e-1f + z * (8.3321608736e-3f - z * 1.9515295891e-4f));
  }
  static float cos_near_0(float x) {
    const float z = x * x;
    return 1 - 0.5f * z +
           z * z * (4.166664568298827e-2f + z * (-1.388731625493765e-3f + z * 2.443315711809948e-5f));
  }
};

}  // namespace envs
