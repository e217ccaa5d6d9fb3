#include "agents/evolution/jacobi.h"

#include <cmath>
#include <limits>

namespace agents {

static constexpr int most_sweeps = 60;  // ten are many; no matrix turns for ever

namespace {

struct Rotation {
  double tangent, cosine, sine;
};

// The smaller of the two angles that make the off-diagonal element 0.
Rotation rotation(double pp, double qq, double pq) {
  const double theta = (qq - pp) / (2 * pq);
  const double t = std::copysign(1 / (std::abs(theta) + std::hypot(theta, 1)), theta);
  const double c = 1 / std::hypot(t, 1);
  return {t, c, t * c};
}

void rotate(double* __restrict p, double* __restrict q, int64_t d, const Rotation& r) {
  for (int64_t k = 0; k < d; ++k) {
    const double x = p[k], y = q[k];
    p[k] = r.cosine * x - r.sine * y;
    q[k] = r.sine * x + r.cosine * y;
  }
}

}  // namespace

Eigen jacobi(std::vector<double> matrix, int64_t d) {
  Eigen eigen{std::vector<double>(static_cast<size_t>(d)), std::vector<double>(matrix.size())};
  double *a = matrix.data(), *v = eigen.vectors.data();
  for (int64_t i = 0; i < d; ++i) v[i * d + i] = 1;

  bool turned = true;
  for (int sweep = 0; turned && sweep < most_sweeps; ++sweep) {
    turned = false;
    for (int64_t p = 0; p < d; ++p)
      for (int64_t q = p + 1; q < d; ++q) {
        const double pp = a[p * d + p], qq = a[q * d + q], pq = a[p * d + q];
        if (std::abs(pq) <= std::numeric_limits<double>::epsilon() * std::sqrt(std::abs(pp * qq))) continue;
        turned = true;
        const Rotation r = rotation(pp, qq, pq);
        rotate(a + p * d, a + q * d, d, r);
        rotate(v + p * d, v + q * d, d, r);
        a[p * d + p] = pp - r.tangent * pq;
        a[q * d + q] = qq + r.tangent * pq;
        a[p * d + q] = a[q * d + p] = 0;
        for (int64_t k = 0; k < d; ++k) {
          a[k * d + p] = a[p * d + k];
          a[k * d + q] = a[q * d + k];
        }
      }
  }
  for (int64_t i = 0; i < d; ++i) eigen.values[static_cast<size_t>(i)] = a[i * d + i];
  return eigen;
}

}  // namespace agents
