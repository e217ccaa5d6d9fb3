// The numbers by which samples are judged, against closed forms.
#include "generative/sample_quality.h"

#include <cmath>

#include "tests/catch.h"
#include "training/compat.h"

using namespace generative;
using torch::Tensor;

static Tensor matrix(double a, double b, double c, double d) {
  return torch::tensor({a, b, c, d}, torch::kFloat64).view({2, 2});
}

TEST_CASE("The Frechet distance of two Gaussians is its closed form", "[generative][likeness]") {
  const Tensor zero = torch::zeros({2}, torch::kFloat64), moved = torch::tensor({3.0, 4.0}, torch::kFloat64);
  const Gaussian round{zero, matrix(1, 0, 0, 1)}, long_one{moved, matrix(9, 0, 0, 4)};
  CHECK(frechet(round, round) == Approx(0).margin(1e-12));
  CHECK(frechet(round, long_one) == Approx(25 + 4 + 1));  // |m|^2 + sum of (s_a - s_b)^2
  // Axes that differ: tr (A B)^1/2 = (tr A B + 2 (det A B)^1/2)^1/2 in the plane.
  const Tensor A = matrix(2, 0.5, 0.5, 1), B = matrix(1, -0.8, -0.8, 3), AB = torch::matmul(A, B);
  const double cross =
      std::sqrt(AB.trace().item<double>() + 2 * std::sqrt(torch::linalg_det(AB).item<double>()));
  CHECK(frechet({zero, A}, {moved, B}) == Approx(25 + 3 + 4 - 2 * cross));
  CHECK(frechet({moved, B}, {zero, A}) == Approx(frechet({zero, A}, {moved, B})));
}

TEST_CASE("A singular covariance has its distance too", "[generative][likeness]") {
  const Tensor zero = torch::zeros({2}, torch::kFloat64);
  CHECK(frechet({zero, matrix(1, 1, 1, 1)}, {zero, matrix(1, 0, 0, 1)}) ==
        Approx(2 + 2 - 2 * std::sqrt(2.0)));
}

TEST_CASE("A Gaussian is fitted with its mean and covariance", "[generative][likeness]") {
  const Gaussian fitted = fit(torch::tensor({{1.0, 0.0}, {3.0, 2.0}, {2.0, 4.0}}).to(torch::kFloat32));
  CHECK(torch::allclose(fitted.mean, torch::tensor({2.0, 2.0}, torch::kFloat64)));
  CHECK(torch::allclose(fitted.covariance, matrix(1, 1, 1, 4)));
}

TEST_CASE("Sliced Wasserstein: a shift in one dimension is its length, order is nothing",
          "[generative][likeness]") {
  torch::manual_seed(0);
  const auto noise = [] { return training::make_generator(7); };
  const Tensor x = torch::randn({500, 1});
  CHECK(sliced_wasserstein(x + 3, x.flip(0), noise()) == Approx(3).epsilon(1e-5));
  CHECK(sliced_wasserstein(x, x.flip(0), noise()) == Approx(0).margin(1e-6));
  // Along random directions of D dimensions a shift c counts |c|^2 / D on average.
  const Tensor y = torch::randn({500, 20});
  CHECK(sliced_wasserstein(y + 2, y, noise()) == Approx(2).epsilon(0.15));
}

TEST_CASE("A mode is met by 2 % of the samples within three deviations", "[generative][likeness]") {
  const training::data::Mixture mixture{torch::tensor({{0.0, 0.0}, {10.0, 0.0}}, torch::kFloat64), 1};
  const auto at = [](double x, int64_t count) { return torch::tensor({{x, 0.0}}).repeat({count, 1}); };
  const auto covered = [&](const Tensor& samples) { return coverage(samples, mixture); };
  CHECK(covered(at(2.9, 100)).modes == 1);
  CHECK(covered(at(2.9, 100)).within == 1);
  CHECK(covered(at(3.1, 100)).modes == 0);
  CHECK(covered(at(3.1, 100)).within == 0);
  CHECK(covered(torch::cat({at(0, 98), at(9, 2)})).modes == 2);
  CHECK(covered(torch::cat({at(0, 99), at(9, 1)})).modes == 1);
  CHECK(covered(torch::cat({at(0, 50), at(5, 50)})).within == 0.5);
}

TEST_CASE("One nearest neighbour is right half of the time of one distribution, always of two that are apart",
          "[generative][likeness]") {
  for (const int seed : {0, 1, 2}) {
    torch::manual_seed(seed);
    const Tensor a = torch::randn({1000, 2}), b = torch::randn({1000, 2});
    CHECK(one_nn_accuracy(a, b) == Approx(0.5).margin(0.045));  // four deviations of 2,000 draws
    CHECK(one_nn_accuracy(a + 20, b) == 1);
    CHECK(one_nn_accuracy(b + 1e-3, b) < 0.02);  // each one's copy is of the other kind
    CHECK(one_nn_accuracy(0.5 * a, b) > 0.55);
  }
  // By hand, on a line: 0, 1 and 5 beside 0.4, 5.1, 9: of 0 the nearest is 0.4, of 1 0.4, of 5 5.1, of 0.4
  // 0, of 5.1 5, of 9 5.1, which alone is of its kind.
  const Tensor x = torch::tensor({0.0, 1.0, 5.0}).unsqueeze(1),
               y = torch::tensor({0.4, 5.1, 9.0}).unsqueeze(1);
  CHECK(one_nn_accuracy(x, y) == Approx(1.0 / 6));
}

TEST_CASE("A class is met by a tenth of an even share of the samples, each of which is of its nearest row's",
          "[generative][likeness]") {
  const Tensor rows = torch::tensor({{0.0, 0.0}, {10.0, 0.0}, {0.0, 10.0}, {0.0, 11.0}});
  const Tensor classes = torch::tensor({0, 1, 2, 2}, torch::kInt64);
  const auto met = [&](int64_t of_0, int64_t of_1, int64_t of_2) {
    const Tensor at = torch::tensor({0, 1, 3}, torch::kInt64)
                          .repeat_interleave(torch::tensor({of_0, of_1, of_2}, torch::kInt64));
    return classes_met(rows.index_select(0, at) + 0.3, rows, classes, 3);
  };
  CHECK(met(50, 25, 25) == 3);
  CHECK(met(100, 0, 0) == 1);
  CHECK(met(0, 97, 3) == 1);  // an even share is a third: a thirtieth counts
  CHECK(met(0, 96, 4) == 2);
}
