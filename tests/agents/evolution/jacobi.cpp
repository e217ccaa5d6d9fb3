// Eigenvectors by rotations: matrices whose answers are known, random ones against their definition.
#include "agents/evolution/jacobi.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "tests/catch.h"

using namespace agents;

namespace {

// The largest error of A v = lambda v and of v_i . v_j = [i = j].
double error(const std::vector<double>& a, const Eigen& e) {
  const size_t d = e.values.size();
  double worst = 0;
  for (size_t i = 0; i < d; ++i)
    for (size_t j = 0; j < d; ++j) {
      double image = 0, dot = 0;
      for (size_t k = 0; k < d; ++k) {
        image += a[j * d + k] * e.vectors[i * d + k];
        dot += e.vectors[i * d + k] * e.vectors[j * d + k];
      }
      worst = std::max({worst, std::abs(image - e.values[i] * e.vectors[i * d + j]),
                        std::abs(dot - (i == j ? 1.0 : 0.0))});
    }
  return worst;
}

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("eigenvalues that are known", "[agents][jacobi]") {
  CHECK(jacobi({3, 0, 0, 5}, 2).values == std::vector<double>{3, 5});  // diagonal: nothing turns
  const std::vector<double> two{2, 1, 1, 2};
  CHECK(sorted(jacobi(two, 2).values)[0] == Approx(1));
  CHECK(sorted(jacobi(two, 2).values)[1] == Approx(3));
  // Second differences: 2 - 2 cos(k pi / (d + 1)).
  const size_t d = 20;
  std::vector<double> chain(d * d);
  for (size_t i = 0; i < d; ++i) {
    chain[i * d + i] = 2;
    if (i + 1 < d) chain[i * d + i + 1] = chain[(i + 1) * d + i] = -1;
  }
  const Eigen e = jacobi(chain, static_cast<int64_t>(d));
  const std::vector<double> values = sorted(e.values);
  for (size_t k = 0; k < d; ++k)
    CHECK(values[k] ==
          Approx(2 - 2 * std::cos(static_cast<double>(k + 1) * std::acos(-1.0) / (d + 1))).margin(1e-13));
  CHECK(error(chain, e) < 1e-13);
}

TEST_CASE("random symmetric matrices, of full rank and not, meet the definition", "[agents][jacobi]") {
  core::Pcg64 random(4);
  for (const size_t d : {1, 3, 10, 40})
    for (const size_t rank : {d, (d + 1) / 2}) {
      std::vector<double> root(d * rank), a(d * d);
      for (double& x : root) x = random.uniform(-1, 1);
      for (size_t i = 0; i < d; ++i)
        for (size_t j = 0; j < d; ++j)
          for (size_t k = 0; k < rank; ++k) a[i * d + j] += root[i * rank + k] * root[j * rank + k];
      INFO(d << " dimensions, rank " << rank);
      CHECK(error(a, jacobi(a, static_cast<int64_t>(d))) < 1e-12);
    }
}

TEST_CASE("small eigenvalues keep their digits beside large ones", "[agents][jacobi]") {
  // diag(1, 1e-6) K diag(1, 1e-6), K = [[1, .5], [.5, 1]]: the product of the eigenvalues is 0.75e-12.
  const Eigen e = jacobi({1, 0.5e-6, 0.5e-6, 1e-12}, 2);
  CHECK(e.values[0] * e.values[1] == Approx(0.75e-12).epsilon(1e-12));
}
