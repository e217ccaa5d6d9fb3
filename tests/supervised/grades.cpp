// Grades of classifiers against counts by hand, and calibration on probabilities that are known.
#include "supervised/grades.h"

#include "tests/catch.h"

using torch::Tensor;

TEST_CASE("The right class is among the k most likely", "[supervised][grades]") {
  const Tensor logits = torch::tensor({{0.1, 0.2, 0.3, 0.4}, {4.0, 3.0, 2.0, 1.0}}),
               classes = torch::tensor({1, 2});
  CHECK(supervised::top_k(logits, classes, 1) == 0);
  CHECK(supervised::top_k(logits, classes, 3) == 1);
  CHECK(supervised::top_k(logits, torch::tensor({2, 2}), 2) == 0.5);
  CHECK(supervised::top_k(logits, classes, 10) == 1);
}

TEST_CASE("Precision, recall and F1 of each class are counted by hand", "[supervised][grades]") {
  //           class 0: 3 rows, 2 found; class 1: 2 rows, 1 found; class 2: none, once guessed
  const Tensor classes = torch::tensor({0, 0, 0, 1, 1}), guesses = torch::tensor({0, 0, 1, 1, 2});
  const Tensor expected =
      torch::tensor({{1.0, 2.0 / 3, 0.8}, {0.5, 0.5, 0.5}, {0.0, 0.0, 0.0}}, torch::kFloat64);
  CHECK(torch::allclose(supervised::per_class(guesses, classes, 3), expected));
  CHECK(supervised::macro_f1(guesses, classes, 3) == Approx(1.3 / 3));
}

TEST_CASE("Probabilities that are true have no calibration error, others what they are off by",
          "[supervised][grades]") {
  torch::manual_seed(1);
  constexpr int64_t M = 200000;
  const Tensor p = 0.5 + 0.5 * torch::rand({M}, torch::kFloat64);  // of class 1
  const Tensor classes = (torch::rand({M}, torch::kFloat64) < p).to(torch::kInt64);
  const auto logits = [](const Tensor& of_one) {
    return torch::stack({(1 - of_one).log(), of_one.log()}, 1);
  };
  CHECK(supervised::calibration_error(logits(p), classes) < 0.005);
  const Tensor boasting = 1 - (1 - p) / 2;  // too high by half of 1 - p: an eighth in the mean
  CHECK(supervised::calibration_error(logits(boasting), classes) == Approx(0.125).margin(0.005));
  const Tensor table = supervised::reliability(logits(p), classes);
  CHECK(table.select(1, 0).sum().item<double>() == Approx(1));
  CHECK(table.slice(0, 0, 7).abs().max().item<double>() == 0);  // nothing below a half
  CHECK((table.slice(0, 8).select(1, 1) - table.slice(0, 8).select(1, 2)).abs().max().item<double>() < 0.01);
}

TEST_CASE("A classifier that is sure and right has no calibration error", "[supervised][grades]") {
  const Tensor logits = torch::tensor({{100.0, 0.0}, {0.0, 100.0}});
  CHECK(supervised::calibration_error(logits, torch::tensor({0, 1})) == 0);
  CHECK(supervised::calibration_error(logits, torch::tensor({1, 0})) == 1);
}
