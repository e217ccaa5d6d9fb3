#include "training/data/numpy.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/formats/npy.h"
#include "core/random.h"

namespace training::data {

using core::formats::NpyArray;
using torch::Tensor;

void Numpy::fields(core::Fields& f) {
  f.add("path", path, "The .npz, or a folder of files .npy", {.path = true});
  f.add("inputs", inputs,
        "Array of the rows to learn from: pictures [M, H, W] or [M, C, H, W] or rows [M, D]; bytes are "
        "pictures");
  f.add("targets", targets,
        "Array of their classes [M], whole numbers from 0 on, or of their numbers [M] or [M, K], floats; "
        "empty: "
        "none");
  f.add("test_inputs", test_inputs, "Array of the rows to be tested on; empty: test_share of the others");
  f.add("test_targets", test_targets, "Array of their classes or numbers");
  f.choice("channels", channels, "Where the channels of pictures [M, C, H, W] stand; last: [M, H, W, C]",
           {"first", "last"});
  f.add("classes", classes, "Names of the classes; []: their numbers");
  f.add("test_share", test_share,
        "Without test_inputs: share of the rows to be tested on, drawn by `seed`, as much of every class",
        {.min = 0, .max = 0.9, .above = true});
  holdout.fields(f);
}

std::pair<std::filesystem::path, std::string> Numpy::place(const std::string& array) const {
  const std::filesystem::path file = path;
  if (file.extension() == ".npz") return {file, array};
  return {file / (array + ".npy"), ""};
}

Tensor Numpy::read_inputs(const std::string& array) const {
  const auto [file, member] = place(array);
  const NpyArray found(file, member);
  const auto& shape = found.shape();
  core::check(shape.size() >= 2 && shape.size() <= 4 && found.count() > 0,
              "{}: expected rows [M, D] or pictures, at least one, found shape [{}]", array,
              fmt::join(shape, ", "));
  Tensor rows = torch::empty(shape, found.bytes() ? torch::kUInt8 : torch::kFloat32);
  if (found.bytes())
    found.read(rows.data_ptr<uint8_t>());
  else
    found.read(rows.data_ptr<float>());
  if (rows.dim() == 3) return rows.unsqueeze(1);  // [M, 1, H, W]
  return rows.dim() == 4 && channels == "last" ? rows.permute({0, 3, 1, 2}).contiguous() : rows;
}

void Numpy::set_targets(Dataset& set, const std::string& array) const {
  const auto [file, member] = place(array);
  const NpyArray found(file, member);
  const auto& shape = found.shape();
  const bool column = shape.size() == 2 && shape[1] == 1;
  core::check(!shape.empty() && shape[0] == set.size(), "{}: shape [{}], expected {} rows as in the inputs",
              array, fmt::join(shape, ", "), set.size());
  if (found.whole()) {
    core::check(shape.size() == 1 || column, "{}: classes of shape [{}], expected one for each row", array,
                fmt::join(shape, ", "));
    Tensor labels = torch::empty({set.size()}, torch::kInt64);
    found.read(labels.data_ptr<int64_t>());
    set.rows.set(column::targets, labels);
    return;
  }
  core::check(shape.size() <= 2 && found.count() > 0, "{}: numbers of shape [{}], expected [M] or [M, K]",
              array, fmt::join(shape, ", "));
  Tensor numbers = torch::empty({set.size(), found.count() / set.size()});
  found.read(numbers.data_ptr<float>());
  set.rows.set(column::targets, numbers);
}

Dataset Numpy::read_set(const std::string& rows, const std::string& of_rows) const {
  Dataset set(read_inputs(rows), {});
  if (!of_rows.empty()) set_targets(set, of_rows);
  return set;
}

namespace {

bool has_classes(const Dataset& set) { return set.targets().defined() && !set.targets().is_floating_point(); }

// Every class from 0 to the largest of both parts.
void name_classes(Data& data, const std::vector<std::string>& names) {
  if (!has_classes(data.train)) return;
  const auto limits = [](const Dataset& set) {
    return std::pair{set.targets().min().item<int64_t>(), set.targets().max().item<int64_t>()};
  };
  const auto [low, high] = limits(data.train);
  const auto [test_low, test_high] = limits(data.test);
  const int64_t smallest = std::min(low, test_low), largest = std::max(high, test_high);
  const auto most = names.empty() ? int64_t{1000} : std::ssize(names);
  core::check(smallest >= 0 && largest < most, "data.targets: class {}, expected 0 .. {}",
              smallest < 0 ? smallest : largest, most - 1);
  std::vector<std::string> classes = names;
  for (int64_t k = 0; names.empty() && k <= largest; ++k) classes.push_back(std::to_string(k));
  data.train.classes = data.test.classes = classes;
}

void check_alike(const Dataset& train, const Dataset& test) {
  core::check(train.inputs().sizes().slice(1) == test.inputs().sizes().slice(1) &&
                  train.inputs().scalar_type() == test.inputs().scalar_type(),
              "data.test_inputs: rows of shape [{}], those to learn from are [{}]",
              fmt::join(test.inputs().sizes().slice(1), ", "),
              fmt::join(train.inputs().sizes().slice(1), ", "));
  const Tensor &learned = train.targets(), &tested = test.targets();
  const bool fit = learned.defined() == tested.defined() &&
                   (!learned.defined() || (learned.scalar_type() == tested.scalar_type() &&
                                           learned.sizes().slice(1) == tested.sizes().slice(1)));
  core::check(fit, "data.test_targets: expected the same kind of classes or numbers as data.targets");
}

}  // namespace

Data Numpy::load() const {
  core::check(!path.empty(), "data: numpy needs a path, of an .npz or of a folder of files .npy");
  Data data{read_set(inputs, targets), {}, {}, {}};
  if (test_inputs.empty()) {
    const int64_t N = data.train.size();
    const auto rows = std::max<int64_t>(1, std::llround(test_share * double(N)));
    core::check(rows < N, "{}: {} rows cannot be split into training and test", path, N);
    auto [rest, test] = train_valid_split(data.train, rows, core::mix(uint64_t(holdout.seed), {"split"}));
    data.train = std::move(rest);
    data.test = std::move(test);
  } else {
    data.test = read_set(test_inputs, test_targets);
  }
  check_alike(data.train, data.test);
  name_classes(data, classes);
  holdout.take(data, path);
  return data;
}

}  // namespace training::data
