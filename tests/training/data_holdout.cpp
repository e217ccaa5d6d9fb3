// What is set aside of the rows to learn from.
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/holdout.h"

using namespace training::data;
using torch::Tensor;

// Row i holds the number i; classes 0, 1, 2 of 70, 20 and 10 rows, mixed.
static training::Dataset uneven() {
  const Tensor row = torch::arange(100),
               class_of = (row % 10 >= 7).to(torch::kInt64) + (row % 10 == 9).to(torch::kInt64);
  return {row.to(torch::kFloat32).unsqueeze(1), class_of, {"many", "some", "few"}};
}

TEST_CASE("what is set aside has every class in its share, and no row is lost or doubled",
          "[training][data]") {
  const training::Dataset all = uneven();
  for (const uint64_t seed : {0, 1, 2}) {
    const auto [train, valid] = train_valid_split(all, 20, seed);
    CHECK(torch::bincount(valid.targets()).equal(torch::tensor({14, 4, 2})));
    CHECK(train.classes == all.classes);
    const Tensor back = std::get<0>(torch::cat({train.inputs(), valid.inputs()}).squeeze(1).sort());
    CHECK(back.equal(all.inputs().squeeze(1)));
    for (const training::Dataset& part : {train, valid})  // labels stay with their rows
      CHECK(part.targets().equal(all.targets().index_select(0, part.inputs().squeeze(1).to(torch::kInt64))));
  }
  CHECK_FALSE(
      train_valid_split(all, 20, 0).valid.inputs().equal(train_valid_split(all, 20, 1).valid.inputs()));
  CHECK(train_valid_split(all, 20, 0).valid.inputs().equal(train_valid_split(all, 20, 0).valid.inputs()));
}

TEST_CASE("rows without classes are set aside evenly, and one row cannot be split", "[training][data]") {
  Data data;
  data.train = {torch::arange(1000, torch::kFloat32).unsqueeze(1), {}, {}};
  Holdout{}.take(data, "x");
  CHECK(data.train.size() == 900);
  REQUIRE(data.valid.size() == 100);
  CHECK(data.valid.inputs().mean().item<double>() == Approx(499.5).margin(90));  // three standard errors
  data.train = {torch::zeros({1, 1}), {}, {}};
  CHECK(refusal([&] { Holdout{}.take(data, "x.csv"); }) ==
        "x.csv: 1 rows cannot be split into training and validation");
}
