// Rows in shards, of which a few are in memory: their order, their windows, and where a cursor goes on.
#include "training/data/shard_loader.h"

#include <algorithm>
#include <set>

#include "tests/catch.h"
#include "tests/refusal.h"

using training::Dataset;
using training::ShardLoader;

namespace tests::shard_loader {

namespace {

constexpr int64_t sizes[] = {3, 5, 2, 4, 6, 3};  // 23 rows
constexpr int64_t count = std::size(sizes);

// Row k of all holds k; its target is its shard. `read` tells which shards were read.
training::Shards shards(std::vector<int64_t>* read = nullptr) {
  return {{std::begin(sizes), std::end(sizes)}, [read](int64_t shard) {
            if (read) read->push_back(shard);
            int64_t first = 0;
            for (int64_t k = 0; k < shard; ++k) first += sizes[k];
            return Dataset(torch::arange(first, first + sizes[shard]).unsqueeze(1).to(torch::kFloat32),
                           torch::full({sizes[shard]}, shard));
          }};
}

ShardLoader loader(uint64_t seed, int64_t window = 2, int64_t batch_size = 4) {
  return {shards(), window, batch_size, seed, torch::kCPU};
}

std::vector<float> epoch_of(ShardLoader& loader) {
  std::vector<float> order;
  for (int64_t b = 0; b < loader.batches(); ++b) {
    const torch::Tensor rows = loader.next().inputs();
    order.insert(order.end(), rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  }
  return order;
}

}  // namespace

TEST_CASE("An epoch of shards shows no row twice, and the next one another order", "[training][data]") {
  ShardLoader a = loader(1), b = loader(1), c = loader(2);
  CHECK(a.batches() == 5);
  const auto first = epoch_of(a), second = epoch_of(a);
  CHECK(a.epoch() == 2);
  CHECK(std::set(first.begin(), first.end()).size() == 20);
  CHECK(std::set(second.begin(), second.end()).size() == 20);
  CHECK(first != second);
  CHECK_FALSE(std::is_sorted(first.begin(), first.end()));
  CHECK(first == epoch_of(b));
  CHECK(first != epoch_of(c));
}

TEST_CASE("No more shards are in memory than the window holds, and each is read once an epoch",
          "[training][data]") {
  std::vector<int64_t> read;
  ShardLoader source(shards(&read), 2, 1, 5, torch::kCPU);
  std::vector<std::set<int64_t>> windows;
  for (int64_t k = 0; k < 23; ++k) {
    const auto shard = source.next().targets().item<int64_t>();
    windows.resize(std::max(windows.size(), read.size() / 2));
    windows.back().insert(shard);
  }
  REQUIRE(read.size() == size_t(count));
  REQUIRE(windows.size() == 3);
  for (size_t w = 0; w < 3; ++w) CHECK((windows[w] == std::set{read[2 * w], read[2 * w + 1]}));
  CHECK(std::set(read.begin(), read.end()).size() == size_t(count));
}

TEST_CASE("A restored loader of shards goes on in the midst of a window", "[training][data]") {
  for (const int batches : {0, 1, 3, 5, 8}) {
    INFO(batches);
    ShardLoader whole = loader(3), after = loader(3);
    for (int k = 0; k < batches; ++k) whole.next();
    core::Archive saved;
    whole.state(saved);
    core::Archive restoring(saved.blobs());
    after.state(restoring);
    CHECK(after.epoch() == whole.epoch());
    for (int k = 0; k < 9; ++k) CHECK(torch::equal(whole.next().inputs(), after.next().inputs()));
  }
}

TEST_CASE("Overfitting shows the first batch of shards for ever, also after a restart", "[training][data]") {
  ShardLoader source = loader(3), again = loader(3);
  source.overfit();
  again.overfit();
  const torch::Tensor first = source.next().inputs();
  for (int k = 0; k < 9; ++k) CHECK(torch::equal(source.next().inputs(), first));
  core::Archive saved;
  source.state(saved);
  core::Archive restoring(saved.blobs());
  again.state(restoring);
  CHECK(torch::equal(again.next().inputs(), first));
}

TEST_CASE("A window or a batch of more than there is, and a cursor over other shards, are refused",
          "[training][data]") {
  CHECK(refusal([] { loader(1, 7); }) == "data: a window of 7 shards needs as many, there are 6");
  CHECK(refusal([] { loader(1, 2, 24); }).find("batch_size 24") != std::string::npos);
  ShardLoader saving = loader(1), other = loader(1, 3);
  core::Archive saved;
  saving.state(saved);
  core::Archive restoring(saved.blobs());
  CHECK(refusal([&] { other.state(restoring); }) ==
        "saved data cursor is of 23 rows in batches of 4, 2 shards at a time; here are 23, 4 and 3");
}

}  // namespace tests::shard_loader
