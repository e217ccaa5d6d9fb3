// Batches: order, cursor, conversion.
#include "training/data/loader.h"

#include <set>

#include "tests/catch.h"
#include "tests/refusal.h"

using training::Dataset;
using training::Loader;

// Row i holds the number i.
static Dataset numbered(int64_t rows) {
  return {torch::arange(rows, torch::kFloat32).unsqueeze(1), torch::arange(rows), {}};
}

static std::vector<int64_t> epoch_of(Loader& loader) {
  std::vector<int64_t> order;
  for (int64_t b = 0; b < loader.batches(); ++b) {
    const auto targets = loader.next().targets();
    order.insert(order.end(), targets.data_ptr<int64_t>(), targets.data_ptr<int64_t>() + targets.numel());
  }
  return order;
}

TEST_CASE("An epoch shows every row once, in another order than the last", "[training]") {
  Loader loader(numbered(100), 10, 1, torch::kCPU);
  const auto first = epoch_of(loader), second = epoch_of(loader);
  CHECK(std::set(first.begin(), first.end()).size() == 100);
  CHECK(std::set(second.begin(), second.end()).size() == 100);
  CHECK(first != second);
  CHECK_FALSE(std::is_sorted(first.begin(), first.end()));
}

TEST_CASE("The order is a pure function of seed and epoch", "[training]") {
  Loader a(numbered(50), 5, 7, torch::kCPU), b(numbered(50), 5, 7, torch::kCPU),
      c(numbered(50), 5, 8, torch::kCPU);
  const auto of_a = epoch_of(a);
  CHECK(of_a == epoch_of(b));
  CHECK(of_a != epoch_of(c));
  // Golden: the order must outlive compilers and LibTorch versions, or old checkpoints would go on
  // differently.
  const auto order = training::shuffled(10, 42);
  CHECK(std::vector<int64_t>(order.data_ptr<int64_t>(), order.data_ptr<int64_t>() + 10) ==
        std::vector<int64_t>{1, 8, 7, 9, 4, 2, 3, 5, 6, 0});
}

TEST_CASE("Every row is as likely in every place", "[training]") {
  int first_is_zero = 0;
  for (uint64_t seed = 0; seed < 6000; ++seed)
    first_is_zero += training::shuffled(6, seed)[0].item<int64_t>() == 0;
  CHECK(first_is_zero == Approx(1000).margin(120));
}

TEST_CASE("An incomplete last batch is left out, and epochs count whole at the end of each", "[training]") {
  Loader loader(numbered(23), 5, 1, torch::kCPU);
  CHECK(loader.batches() == 4);
  for (int b = 0; b < 4; ++b) CHECK(loader.next().inputs().size(0) == 5);
  CHECK(loader.epoch() == 1);
  loader.next();
  CHECK(loader.epoch() == 1.25);
}

TEST_CASE("A restored loader goes on with the very next batch", "[training]") {
  Loader loader(numbered(40), 8, 3, torch::kCPU);
  for (int b = 0; b < 7; ++b) loader.next();
  core::Archive saved;
  loader.state(saved);
  Loader other(numbered(40), 8, 3, torch::kCPU);
  core::Archive restoring(saved.blobs());
  other.state(restoring);
  CHECK(other.epoch() == loader.epoch());
  for (int b = 0; b < 12; ++b) CHECK(torch::equal(loader.next().targets(), other.next().targets()));
}

TEST_CASE("A cursor over other data is refused", "[training]") {
  Loader loader(numbered(40), 8, 3, torch::kCPU), other(numbered(41), 8, 3, torch::kCPU);
  core::Archive saved;
  loader.state(saved);
  core::Archive restoring(saved.blobs());
  CHECK(refusal([&] { other.state(restoring); }).find("40 rows") != std::string::npos);
}

TEST_CASE("Overfitting shows the first batch for ever, also after a restart", "[training]") {
  Loader loader(numbered(40), 8, 3, torch::kCPU), again(numbered(40), 8, 3, torch::kCPU);
  loader.overfit();
  again.overfit();
  const auto first = loader.next().targets();
  for (int b = 0; b < 12; ++b) CHECK(torch::equal(loader.next().targets(), first));
  core::Archive saved;
  loader.state(saved);
  core::Archive restoring(saved.blobs());
  again.state(restoring);
  CHECK(torch::equal(again.next().targets(), first));
}

TEST_CASE("Pictures become floats in 0..1, rows keep their numbers", "[training]") {
  const Dataset pictures{torch::tensor({0, 51, 255}, torch::kUInt8).view({3, 1, 1, 1}), {}, {}};
  const auto batch = training::slice(pictures, 1, 5, torch::kCPU);
  CHECK(batch.inputs().sizes() == torch::IntArrayRef({2, 1, 1, 1}));
  CHECK(batch.inputs()[0].item<float>() == Approx(0.2));
  CHECK(batch.inputs()[1].item<float>() == 1);
  CHECK_FALSE(batch.targets().defined());
  CHECK(pictures.inputs().scalar_type() == torch::kUInt8);
}

TEST_CASE("A batch larger than the data is refused", "[training]") {
  CHECK(refusal([] { Loader(numbered(10), 11, 1, torch::kCPU); }).find("batch_size 11") != std::string::npos);
}
