// Numbers as targets: how far they are explained, and in which units they are learned and told.
#include "supervised/regression.h"

#include "tests/catch.h"
#include "tests/refusal.h"

using supervised::explained;
using supervised::Regression;
using torch::Tensor;

TEST_CASE("R2 is 1 for the truth, 0 for its mean, and the mean over the numbers", "[supervised]") {
  const Tensor y = torch::tensor({{1.0, 10.0}, {2.0, 20.0}, {3.0, 30.0}, {6.0, 40.0}});
  CHECK(explained(y, y) == 1);
  CHECK(explained(y.mean(0).expand_as(y), y) == Approx(0).margin(1e-12));
  Tensor half = y.clone();
  half.select(1, 1).fill_(25);
  CHECK(explained(half, y) == Approx(0.5));
  CHECK(explained(y + torch::tensor({1.0, 0.0}), y) == Approx(1 - 0.5 * 4 / 14));  // 14: squares around 3
  CHECK(explained(torch::ones({3, 1}), torch::full({3, 1}, 2)) == 0);
}

TEST_CASE("Outputs of mean 0 and deviation 1 are told in the targets' own units", "[supervised]") {
  const Tensor y = torch::tensor({{1.0f, 5.0f}, {3.0f, 5.0f}});  // the second does not vary
  const training::data::Data data{training::Dataset(torch::zeros({2, 3}), y), {}, {}, {}};
  const Regression regression(data, "own", 0);
  CHECK(regression.outputs() == 2);
  CHECK(regression.predicted(torch::tensor({{-1.0f, 0.0f}, {2.0f, 1.0f}}))
            .equal(torch::tensor({{1.0f, 5.0f}, {4.0f, 6.0f}})));
  CHECK(refusal([&] { Regression(data, "own", 0.1); }).find("label_smoothing") != std::string::npos);
}
