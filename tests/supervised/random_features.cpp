// Least squares on features that are not learned.
#include "supervised/feedforward/random_features.h"

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/torch.h"

namespace tests::random_features {

using torch::Tensor;

namespace {

struct Fitted {
  Tensor features, wanted, weight, bias;  // [N, D], [N, K], [K, D], [K]
};

Fitted fitted(int64_t N, int64_t D, double ridge) {
  torch::manual_seed(3);
  supervised::RandomFeaturesNet net(4, D, 2);
  Fitted f{net->features(torch::randn({N, 4})).detach(), torch::randn({N, 2}, torch::kFloat64), {}, {}};
  net->fit(f.features, f.wanted, ridge);
  f.weight = net->named_parameters()["output.weight"].detach();
  f.bias = net->named_parameters()["output.bias"].detach();
  return f;
}

Tensor outputs(const Fitted& f) { return torch::mm(f.features, f.weight.t()) + f.bias; }

}  // namespace

TEST_CASE("fewer features than rows: the error is orthogonal to each of them, and its mean is 0",
          "[supervised][random_features]") {
  const Fitted f = fitted(60, 10, 0);
  const Tensor error = outputs(f) - f.wanted;
  CHECK(torch::mm(f.features.t(), error).abs().max().item<double>() < 1e-9);
  CHECK(error.sum(0).abs().max().item<double>() < 1e-9);
  CHECK(error.square().mean().item<double>() > 0.1);
}

TEST_CASE("more features than rows: no error, and the least norm that has none",
          "[supervised][random_features]") {
  const Fitted f = fitted(10, 60, 0);
  CHECK((outputs(f) - f.wanted).abs().max().item<double>() < 1e-9);
  // of least norm: a combination of the centred rows
  const Tensor A = f.features - f.features.mean(0);
  const Tensor along = torch::mm(torch::linalg_pinv(A), torch::mm(A, f.weight.t()));
  CHECK((along - f.weight.t()).abs().max().item<double>() < 1e-9);
}

TEST_CASE("a ridge's weights are those of the normal equations", "[supervised][random_features]") {
  for (const int64_t D : {10, 60}) {
    const Fitted f = fitted(30, D, 0.5);
    const Tensor A = f.features - f.features.mean(0), b = f.wanted - f.wanted.mean(0);
    const Tensor normal = torch::mm(A.t(), A) + 0.5 * torch::eye(D, torch::kFloat64);
    CHECK((torch::mm(normal, f.weight.t()) - torch::mm(A.t(), b)).abs().max().item<double>() < 1e-9);
  }
}

TEST_CASE("random features tell xor on three seeds, and rows without end are refused",
          "[supervised][random_features]") {
  const std::string fit = supervised::all().at("random_relu_features").trial;
  for (const char* seed : {"0", "1", "2"}) {
    const auto grades = trial::grades_after_learning(fit, supervised::all(),
                                                     {"seed=" + std::string(seed), "data.train_size=500"});
    CHECK(grades.at("test/accuracy") > 0.93);
  }
  const std::string said = refusal([&] { trial::session(fit, supervised::all(), {"data.endless=true"}); });
  CHECK(said.find("data.endless") != std::string::npos);
}

}  // namespace tests::random_features
