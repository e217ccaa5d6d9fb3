// NumPy's arrays, CIFAR-10, folders of pictures and spirals as data: their parts, classes, and what is
// refused.
#include <filesystem>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/cifar.h"
#include "training/data/numpy.h"
#include "training/data/pictures.h"
#include "training/data/spirals.h"

using torch::Tensor;
using training::data::Cifar10;
using training::data::Data;
using training::data::Numpy;
using training::data::Pictures;
using training::data::Spirals;

namespace {

void put_file(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string npy_text(const std::string& dtype, const std::string& shape, const std::string& values) {
  const std::string header = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + char(header.size()) + '\0' + header + values;
}

// Bytes 0, 1, 2, ...
std::string counted_bytes(int64_t n) {
  std::string bytes;
  for (int64_t i = 0; i < n; ++i) bytes += char(i);
  return bytes;
}

// A folder of arrays: 20 pictures of 2 x 3 pixels, the classes 0, 1, 2, 0, 1, ...
Numpy twenty(const Scratch& scratch) {
  put_file(scratch / "x_train.npy", npy_text("|u1", "(20, 2, 3)", counted_bytes(120)));
  std::string labels;
  for (int i = 0; i < 20; ++i) labels += char(i % 3);
  put_file(scratch / "y_train.npy", npy_text("|u1", "(20,)", labels));
  Numpy source;
  source.path = scratch.folder.string();
  return source;
}

int64_t total(const Data& data) { return data.train.size() + data.valid.size() + data.test.size(); }

}  // namespace

TEST_CASE("NumPy's arrays are rows, their classes and three parts", "[training][arrays]") {
  const Scratch scratch;
  Numpy source = twenty(scratch);
  const Data data = source.load();
  CHECK(total(data) == 20);
  CHECK(data.test.size() == 4);
  CHECK(data.train.inputs().sizes().slice(1) == torch::IntArrayRef({1, 2, 3}));
  CHECK(data.train.inputs().scalar_type() == torch::kUInt8);
  CHECK(data.train.classes == std::vector<std::string>{"0", "1", "2"});
  for (const auto* part :
       {&data.train, &data.valid, &data.test})  // row i begins with 6 i and has class i % 3
    for (int64_t r = 0; r < part->size(); ++r)
      CHECK(part->targets()[r].item<int64_t>() == part->inputs()[r].flatten()[0].item<int64_t>() / 6 % 3);
  source.classes = {"red", "green", "blue"};
  CHECK(source.load().test.classes == source.classes);
}

TEST_CASE("Channels of NumPy's pictures may stand last", "[training][arrays]") {
  const Scratch scratch;
  Numpy source = twenty(scratch);
  put_file(scratch / "x_train.npy", npy_text("|u1", "(20, 1, 2, 3)", counted_bytes(120)));
  source.channels = "last";
  const Data data = source.load();
  CHECK(data.train.inputs().sizes().slice(1) == torch::IntArrayRef({3, 1, 2}));
  const Tensor first = data.train.inputs()[0].flatten().to(torch::kInt64);
  CHECK(torch::equal(first - first[0], torch::tensor({0, 3, 1, 4, 2, 5})));
}

TEST_CASE("Floats in an array of targets are numbers to foretell", "[training][arrays]") {
  const Scratch scratch;
  Numpy source = twenty(scratch);
  put_file(scratch / "y_train.npy", npy_text("<f4", "(20,)", std::string(80, '\0')));
  const Data data = source.load();
  CHECK(data.train.targets().scalar_type() == torch::kFloat32);
  CHECK(data.train.targets().sizes().slice(1) == torch::IntArrayRef({1}));
  source.targets = "";
  CHECK_FALSE(source.load().train.targets().defined());
}

TEST_CASE("NumPy's arrays that do not fit together are refused", "[training][arrays]") {
  const Scratch scratch;
  const auto says = [&](auto change) {
    Numpy source = twenty(scratch);
    change(source);
    return refusal([&] { source.load(); });
  };
  const auto has = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  has(says([](Numpy& n) { n.path = ""; }), "numpy needs a path");
  has(says([](Numpy& n) { n.inputs = "x"; }), "x.npy: no such file");
  has(says([&](Numpy&) { put_file(scratch / "y_train.npy", npy_text("|u1", "(19,)", counted_bytes(19))); }),
      "y_train: shape [19], expected 20 rows");
  has(says([&](Numpy&) {
        put_file(scratch / "y_train.npy", npy_text("|i1", "(20,)", std::string(20, '\xff')));
      }),
      "class -1, expected 0 ..");
  has(says([](Numpy& n) { n.classes = {"a", "b"}; }), "class 2, expected 0 .. 1");
  has(says([&](Numpy&) { put_file(scratch / "x_train.npy", npy_text("|u1", "(20,)", counted_bytes(20))); }),
      "expected rows [M, D] or pictures");
  has(says([&](Numpy& n) {
        n.test_inputs = "x_test";
        put_file(scratch / "x_test.npy", npy_text("|u1", "(2, 5)", counted_bytes(10)));
      }),
      "rows of shape [5], those to learn from are [1, 2, 3]");
  has(says([](Numpy& n) { n.test_inputs = "x_train"; }), "data.test_targets: expected the same kind");
}

TEST_CASE("CIFAR-10's batches are joined in their order, and the test is apart", "[training][arrays]") {
  const Scratch scratch;
  for (int batch = 1; batch <= 5; ++batch)
    put_file(scratch / ("data_batch_" + std::to_string(batch) + ".bin"),
             (char(batch) + std::string(3072, char(batch))) + (char(0) + std::string(3072, '\0')));
  put_file(scratch / "test_batch.bin", char(9) + std::string(3072, '\x09'));
  Cifar10 source;
  source.path = scratch.folder.string();
  const Data data = source.load();
  CHECK(total(data) == 11);
  CHECK(data.test.inputs().sizes() == torch::IntArrayRef({1, 3, 32, 32}));
  CHECK(data.test.targets()[0].item<int64_t>() == 9);
  CHECK((data.train.classes.size() == 10 && data.train.classes[9] == "truck"));
  for (int64_t r = 0; r < data.train.size(); ++r)
    CHECK(data.train.inputs()[r].max().item<int64_t>() == data.train.targets()[r].item<int64_t>());
  source.test_size = 2;
  CHECK(refusal([&] { source.load(); }).find("data.test_size: 2 wanted, there are 1") != std::string::npos);
  source.path = (scratch / "none").string();
  CHECK(refusal([&] { source.load(); }).find("data_batch_1.bin: no such file") != std::string::npos);
}

TEST_CASE("Spirals wind around the middle, and no line parts their arms", "[training][arrays]") {
  Spirals source;
  source.noise = 0;
  source.arms = 3;
  source.turns = 1.25;
  const Data data = source.load();
  CHECK(data.train.classes.size() == 3);
  const Tensor x = data.train.inputs().to(torch::kFloat64);
  const Tensor share = x.square().sum(1).sqrt(), arm = data.train.targets().to(torch::kFloat64);
  const Tensor angle = 2 * M_PI * (1.25 * share + arm / 3);
  CHECK(torch::allclose(x, torch::stack({share * angle.cos(), share * angle.sin()}, 1), 0, 1e-5));
  CHECK((share.max().item<double>() <= 1.0001 && share.mean().item<double>() > 0.45));
}

TEST_CASE("Folders of pictures must have the same classes in both parts", "[training][arrays]") {
  const Scratch scratch;
  Pictures source;
  CHECK(refusal([&] { source.load(); }).find("pictures needs a path") != std::string::npos);
  put_file(scratch / "all" / "cat" / "x.png", "no picture");
  source.path = (scratch / "all").string();
  CHECK(refusal([&] { source.load(); }).find("x.png: expected a PNG or JPEG picture") != std::string::npos);
}
