// The contract of drawn shapes: what is told of a picture is to be seen in it.
#include "training/data/shapes.h"

#include "tests/catch.h"
#include "tests/refusal.h"

using torch::Tensor;
using training::Column;
using training::data::Data;
using training::data::Shapes;

static Shapes few(int64_t most = 1) {
  return {.sizes = {.train_size = 300, .test_size = 40}, .side = 24, .most = most};
}

TEST_CASE("What is told of one shape is to be seen", "[training][data]") {
  const Data data = few().load();
  const Tensor mask = data.train.rows["mask"], state = data.train.rows["state"];
  const Column boxes = *data.train.rows.find("boxes"), centres = *data.train.rows.find("centres");
  CHECK(data.train.inputs().sizes() == torch::IntArrayRef({300, 1, 24, 24}));
  for (int64_t i = 0; i < 300; ++i) {
    const Tensor picture = data.train.inputs()[i][0], lit = mask[i].nonzero();  // [pixels, 2]: row, column
    const Tensor first = std::get<0>(lit.min(0)), size = std::get<0>(lit.max(0)) - first + 1;
    const Tensor box = torch::tensor({first[1].item<int64_t>(), first[0].item<int64_t>(),
                                      size[1].item<int64_t>(), size[0].item<int64_t>()});
    CHECK(boxes.row(i).squeeze(0).equal(box.to(torch::kFloat32)));
    CHECK(centres.row(i).squeeze(0).equal(state[i].slice(0, 0, 2)));
    CHECK(picture.max().item<double>() == Approx(255 * state[i][4].item<double>()).margin(1));
    CHECK(picture.masked_select(mask[i]).min().item<double>() >= 0.49 * 255 * state[i][4].item<double>());
    const Tensor middle = lit.to(torch::kFloat32).mean(0).flip(0) + 0.5f;
    CHECK((middle - state[i].slice(0, 0, 2)).abs().max().item<double>() < 1);
  }
}

TEST_CASE("Areas are those of the kinds", "[training][data]") {
  Shapes large = few();
  large.side = 100, large.smallest = large.largest = 0.3;
  const Data data = large.load();
  const std::vector<double> areas{3.1416, 4 * (2 * 0.95 * 0.3 - 0.3 * 0.3), 2, 1.299};  // of radius 1
  CHECK(data.train.classes == std::vector<std::string>{"circle", "cross", "square", "triangle"});
  for (int64_t i = 0; i < 100; ++i) {
    const auto kind = size_t(data.train.targets()[i].item<int64_t>());
    CHECK(data.train.rows["mask"][i].sum().item<double>() == Approx(900 * areas[kind]).epsilon(0.03));
  }
}

TEST_CASE("Several shapes have a box, a centre and a kind each, and no one target", "[training][data]") {
  const Data data = few(4).load();
  const Column boxes = *data.train.rows.find("boxes"), kinds = *data.train.rows.find("labels");
  CHECK_FALSE(data.train.targets().defined());
  const Tensor counts = boxes.offsets.diff();
  CHECK(counts.min().item<int64_t>() == 1);
  CHECK(counts.max().item<int64_t>() == 4);
  CHECK(kinds.offsets.equal(boxes.offsets));
  CHECK(kinds.values.bincount().min().item<double>() > 0.2 * double(kinds.values.size(0)));
  const training::Batch batch = training::gather(data.train, torch::tensor({5, 7}), torch::kCPU);
  CHECK(batch.find("labels")->row(1).equal(kinds.row(7)));
  CHECK(few(4).load().test.inputs().equal(data.test.inputs()));
  CHECK_FALSE(data.valid.inputs().equal(data.test.inputs()));
}

TEST_CASE("Factors of a shape can be what is to be read", "[training][data]") {
  Shapes where = few(), wrong = few(), crowd = few(3);
  where.targets = {"y", "size"}, wrong.targets = {"sise"}, crowd.targets = {"x"};
  const Data data = where.load();
  CHECK(data.train.targets().equal(data.train.rows["state"].slice(1, 1, 3)));
  CHECK(data.train.numbers == where.targets);
  CHECK(refusal([&] { wrong.load(); }).find("'size'") != std::string::npos);
  CHECK(refusal([&] { crowd.load(); }).find("several shapes") != std::string::npos);
}
