// Named columns, ragged rows, and what augmentation does to them together.
#include "training/data/batch.h"

#include "tests/catch.h"
#include "training/compat.h"
#include "training/data/augment.h"

using namespace training;
using torch::Tensor;

// Picture i of 6 x 8 has one bright pixel; two boxes of 2 x 1 and 1 x 3 stand in the even ones, none in the
// odd.
static Dataset marked(int64_t rows) {
  const Tensor pictures = torch::zeros({rows, 1, 6, 8}, torch::kUInt8);
  std::vector<float> boxes, centres;
  std::vector<int64_t> offsets{0};
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t x = i % 8, y = i % 6;
    pictures[i][0][y][x] = 255;
    centres.insert(centres.end(), {float(x) + 0.5f, float(y) + 0.5f});
    const auto left = float(x), top = float(y);
    if (i % 2 == 0) boxes.insert(boxes.end(), {left, top, 2, 1, left, top, 1, 3});
    offsets.push_back(offsets.back() + (i % 2 == 0 ? 2 : 0));
  }
  Batch batch(pictures, torch::arange(rows));
  batch.set(column::mask, pictures.squeeze(1) > 0);
  batch.set(column::boxes, torch::tensor(boxes).view({-1, 4}), torch::tensor(offsets));
  batch.set(column::centres, torch::tensor(centres).view({-1, 2}), torch::arange(rows + 1));
  return Dataset(batch);
}

TEST_CASE("A column is found by its name, and set anew or left out", "[training][data]") {
  Batch batch(torch::ones({3, 2}));
  CHECK(batch.size() == 3);
  CHECK_FALSE(batch.targets().defined());
  CHECK(batch.find("lengths") == nullptr);
  batch.set(column::lengths, torch::tensor({1, 2, 3}));
  batch.set(column::lengths, torch::tensor({3, 2, 1}));
  CHECK(batch.columns().size() == 2);
  CHECK(batch["lengths"].equal(torch::tensor({3, 2, 1})));
  batch.set(column::lengths, {});
  CHECK(batch.columns().size() == 1);
  CHECK(Batch().size() == 0);
}

TEST_CASE("Rows are drawn from every column, ragged ones with their own number of items",
          "[training][data]") {
  const Dataset all = marked(9);
  const Batch batch = gather(all, torch::tensor({4, 1, 8, 4}), torch::kCPU);
  CHECK(batch.size() == 4);
  CHECK(batch.targets().equal(torch::tensor({4, 1, 8, 4})));
  CHECK(batch.inputs().scalar_type() == torch::kFloat32);
  CHECK(batch["mask"].scalar_type() == torch::kBool);
  CHECK(batch["mask"].equal(batch.inputs().squeeze(1) > 0.5));
  const Column& boxes = *batch.find(column::boxes);
  CHECK(boxes.offsets.equal(torch::tensor({0, 2, 2, 4, 6})));
  for (int64_t i = 0; i < 4; ++i)
    CHECK(boxes.row(i).equal(all.rows.find(column::boxes)->row(batch.targets()[i].item<int64_t>())));
  CHECK(slice(all, 7, 5, torch::kCPU).find(column::boxes)->offsets.equal(torch::tensor({0, 0, 2})));
}

TEST_CASE("Augmentation moves masks, centres and boxes with their picture", "[training][data]") {
  const Batch batch = gather(marked(48), torch::arange(48), torch::kCPU);
  const data::Augmentation augmentation{.padding = 2, .flip = true};
  const Batch seen = augmentation.apply(batch, make_generator(5));
  CHECK(seen.targets().equal(batch.targets()));
  CHECK(seen["mask"].equal(seen.inputs().squeeze(1) > 0.5));
  CHECK_FALSE(seen.inputs().equal(batch.inputs()));
  const Tensor centres = seen["centres"], boxes = seen["boxes"];
  int visible = 0;
  for (int64_t i = 0; i < 48; ++i) {
    const auto x = int64_t(std::floor(centres[i][0].item<float>())),
               y = int64_t(std::floor(centres[i][1].item<float>()));
    if (x < 0 || x >= 8 || y < 0 || y >= 6) continue;  // cut off
    ++visible;
    CHECK(seen.inputs()[i][0][y][x].item<float>() == 1);
    CHECK(seen.inputs()[i].sum().item<float>() == 1);
    const Tensor own = seen.find(column::boxes)->row(i);
    for (int64_t k = 0; k < own.size(0);
         ++k) {  // the marked pixel is the box's upper left or upper right one
      const float left = own[k][0].item<float>(), wide = own[k][2].item<float>();
      CHECK((float(x) == left || float(x) == left + wide - 1));
      CHECK(own[k][1].item<float>() == float(y));
    }
  }
  CHECK(visible > 20);
  CHECK(boxes.sizes() == batch["boxes"].sizes());
}
