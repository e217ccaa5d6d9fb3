// Principal components beside the singular values of the rows themselves.
#include "generative/autoencoders/pca.h"

#include "tests/catch.h"

using torch::Tensor;

// Rows with a mean, of unequal spread along mixed directions: [M, 5].
static Tensor uneven_rows() {
  torch::manual_seed(3);
  const Tensor spread = torch::tensor({4.0, 2.0, 1.0, 0.5, 0.25}, torch::kFloat64);
  return (torch::randn({6000, 5}, torch::kFloat64) * spread).mm(torch::randn({5, 5}, torch::kFloat64)) + 3;
}

TEST_CASE("Principal components are the singular vectors of the centred rows", "[generative][pca]") {
  const Tensor rows = uneven_rows();
  const generative::Pca pca = generative::principal_components({rows.to(torch::kFloat32), {}});
  const auto [u, s, vh] = torch::linalg_svd(rows - rows.mean(0), false);
  CHECK(torch::allclose(pca.variances, s.square() / double(rows.size(0)), 1e-5));
  const Tensor cosines = (pca.directions * vh.t()).sum(0).abs();
  CHECK(torch::allclose(cosines, torch::ones({5}, torch::kFloat64), 0, 1e-6));
  CHECK(torch::allclose(pca.directions.t().mm(pca.directions), torch::eye(5, torch::kFloat64), 0, 1e-12));
}

TEST_CASE("What k components leave over is the variance along the others", "[generative][pca]") {
  const Tensor rows = uneven_rows();
  const generative::Pca pca = generative::principal_components({rows, {}});
  for (const int64_t k : {1, 2, 4, 5}) {
    INFO(k);
    const Tensor left = (pca.decode(pca.encode(rows, k)) - rows).square().sum(1).mean();
    CHECK(left.item<double>() ==
          Approx(pca.variances.sum().item<double>() - pca.variances.narrow(0, 0, k).sum().item<double>())
              .margin(1e-9));
  }
}

TEST_CASE("Bytes are pictures in 0..1 to principal components as well", "[generative][pca]") {
  const Tensor bytes = torch::randint(0, 256, {50, 1, 2, 2}, torch::kUInt8);
  const generative::Pca pca = generative::principal_components({bytes, {}});
  const Tensor mean = bytes.to(torch::kFloat64).mean(0).flatten() / 255;
  CHECK(torch::allclose(pca.mean, mean, 1e-6));
}
