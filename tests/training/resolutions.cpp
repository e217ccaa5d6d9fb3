// Pictures of several sizes: how they are made, and batches that hold one size each.
#include "training/data/resolutions.h"

#include <algorithm>
#include <set>

#include "core/archive.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/all.h"
#include "training/data/loader.h"

using namespace training;
using torch::Tensor;

namespace {

data::Data loaded(const std::string& yaml) {
  data::Options options;
  core::Fields fields;
  fields.tagged("data", options.tagged(), "");
  core::read_fields(fields, core::parse_yaml("data: " + yaml, "x.yaml"));
  return options.load();
}

const std::string stripes = "{name: stripes, train_size: 120, valid_size: 20, test_size: 30";

// The targets of an epoch, and the side of each batch.
struct Pass {
  std::vector<int64_t> targets, sides;
};

Pass pass_of(Loader& loader) {
  Pass epoch;
  for (int64_t b = 0; b < loader.batches(); ++b) {
    const Batch batch = loader.next();
    const int64_t* first = batch.targets().data_ptr<int64_t>();
    epoch.targets.insert(epoch.targets.end(), first, first + batch.size());
    const Tensor sides = batch[column::sides];
    CHECK(sides.eq(sides[0]).all().item<bool>());
    epoch.sides.push_back(sides[0].item<int64_t>());
    CHECK(data::at_own_size(batch).inputs().size(3) == epoch.sides.back());
  }
  return epoch;
}

// Row i has the target i and one of three sides.
Dataset of_three_sides(int64_t rows) {
  Dataset set(torch::ones({rows, 1, 6, 6}, torch::kUInt8), torch::arange(rows));
  set.rows.set(column::sides, torch::tensor({2, 4, 6}).repeat({rows / 3}));
  return set;
}

}  // namespace

TEST_CASE("Batches by resolution hold one size, and an epoch every row once", "[training][data]") {
  Loader loader(of_three_sides(60), 5, 1, torch::kCPU);
  const Pass first = pass_of(loader), second = pass_of(loader);
  CHECK(std::set(first.targets.begin(), first.targets.end()).size() == 60);
  CHECK(std::set(second.targets.begin(), second.targets.end()).size() == 60);
  CHECK(first.targets != second.targets);
  CHECK(std::count(first.sides.begin(), first.sides.end(), 4) == 4);
  CHECK_FALSE(std::is_sorted(first.sides.begin(), first.sides.end()));  // sizes take turns
  CHECK(first.sides != second.sides);
}

TEST_CASE("Batches by resolution go on where their cursor stood", "[training][data]") {
  Loader whole(of_three_sides(66), 4, 3, torch::kCPU), resumed(of_three_sides(66), 4, 3, torch::kCPU);
  CHECK(whole.batches() == 15);  // two rows of each size are left out of each pass
  for (int i = 0; i < 20; ++i) whole.next();
  core::Archive saved;
  whole.state(saved);
  core::Archive restoring(saved.blobs());
  resumed.state(restoring);
  for (int i = 0; i < 12; ++i) CHECK(torch::equal(whole.next().targets(), resumed.next().targets()));
}

TEST_CASE("Too few pictures of a resolution for a batch are told", "[training][data]") {
  CHECK(refusal([] {
          Loader(of_three_sides(12), 5, 1, torch::kCPU);
        }).find("batch_size 5 needs at least as many pictures of each resolution, of 2 pixels there are 4") !=
        std::string::npos);
}

TEST_CASE("A picture that shrinks has the means of its pixels, one that grows stays between them",
          "[training][data]") {
  const Tensor counted = torch::arange(16, torch::kUInt8).view({1, 1, 4, 4}) * 4;
  CHECK(torch::equal(data::resized(counted, 2).flatten().to(torch::kInt64), torch::tensor({10, 18, 42, 50})));
  CHECK(torch::equal(data::resized(counted, 4), counted));
  const Tensor flat = torch::full({2, 3, 5, 5}, 77, torch::kUInt8);
  for (const int64_t side : {2, 5, 9}) CHECK(data::resized(flat, side).eq(77).all().item<bool>());
  const Tensor large = data::resized(counted, 8).to(torch::kInt64);
  CHECK((large.min().item<int64_t>() == 0 && large.max().item<int64_t>() == 60));
  CHECK((large.diff(1, 3) >= 0).all().item<bool>());
}

TEST_CASE("Resolutions leave each picture in its corner, at its own side", "[training][data]") {
  const data::Data plain = loaded(stripes + "}"), seen = loaded(stripes + ", resolutions: [8, 12, 16]}"),
                   one_size = loaded(stripes + ", resolutions: [8, 12, 16], resize: 16}");
  CHECK(seen.train.inputs().sizes() == torch::IntArrayRef({120, 1, 16, 16}));
  CHECK(torch::equal(seen.train.targets(), plain.train.targets()));
  CHECK(data::smallest_size(seen.train.rows) == std::array<int64_t, 2>{8, 8});
  std::set<int64_t> sides;
  for (int64_t i = 0; i < 120; ++i) {
    const auto side = seen.train.rows[column::sides][i].item<int64_t>();
    sides.insert(side);
    const Tensor own = data::resized(plain.train.inputs().narrow(0, i, 1), side);
    CHECK(torch::equal(seen.train.inputs()[i].narrow(1, 0, side).narrow(2, 0, side), own[0]));
    CHECK(seen.train.inputs()[i].sum().item<int64_t>() == own.sum().item<int64_t>());
    CHECK(torch::equal(one_size.train.inputs()[i], data::resized(own, 16)[0]));
  }
  CHECK(sides == std::set<int64_t>{8, 12, 16});
  CHECK_FALSE(one_size.train.rows.find(column::sides));
  CHECK(seen.test.rows[column::sides].size(0) == 30);
  CHECK(loaded(stripes + ", resize: 5}").valid.inputs().sizes() == torch::IntArrayRef({20, 1, 5, 5}));
}

TEST_CASE("Rows that are no pictures of bytes, or without end, have no resolutions", "[training][data]") {
  const auto says = [](const std::string& yaml) { return refusal([&] { loaded(yaml); }); };
  CHECK(says("{name: xor, resolutions: [8]}").find("data.resolutions: needs pictures of bytes") !=
        std::string::npos);
  CHECK(says("{name: stripes, endless: true, resize: 8}").find("data.resize: rows that are drawn") !=
        std::string::npos);
  CHECK(
      says(stripes + ", resolutions: [8, 9], permute: columns}").find("data.permute: columns of pictures") !=
      std::string::npos);
}
