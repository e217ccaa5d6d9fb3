// From values to tensors.
#include "training/data/idx.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/formats/idx.h"

namespace training::data {
namespace {

namespace fs = std::filesystem;

// Pictures get their channel: [M, H, W] -> [M, 1, H, W].
torch::Tensor read_inputs(const fs::path& file) {
  const torch::Tensor inputs = read_idx(file);
  core::check(inputs.dim() >= 2, "{}: expected pictures or rows (IDX of rank 2 .. 4), found rank {}",
              file.string(), inputs.dim());
  return inputs.dim() == 3 ? inputs.unsqueeze(1) : inputs;
}

torch::Tensor read_labels(const fs::path& file, int64_t rows, const fs::path& inputs) {
  const torch::Tensor labels = read_idx(file);
  core::check(labels.dim() == 1 && labels.scalar_type() == torch::kUInt8,
              "{}: expected labels (IDX of rank 1, unsigned bytes), found rank {}, {}", file.string(),
              labels.dim(), labels.scalar_type() == torch::kUInt8 ? "unsigned bytes" : "floats");
  core::check(labels.size(0) == rows, "{}: {} labels, but {} has {} rows", file.string(), labels.size(0),
              inputs.string(), rows);
  return labels.to(torch::kInt64);
}

Dataset read_set(const fs::path& inputs, const fs::path& labels, const std::vector<std::string>& classes) {
  Dataset set(read_inputs(inputs), {});
  core::check(set.size() > 0, "{}: no rows", inputs.string());
  if (labels.empty()) return set;
  set.rows.set(column::targets, read_labels(labels, set.size(), inputs));
  set.classes = classes;
  const int64_t largest = set.targets().max().item<int64_t>();
  core::check(classes.empty() || largest < int64_t(classes.size()), "{}: label {}, but there are {} classes",
              labels.string(), largest, classes.size());
  for (int64_t k = 0; classes.empty() && k <= largest; ++k) set.classes.push_back(std::to_string(k));
  return set;
}

// Labels that only one of the two sets knows still need a name in both.
Data both(Dataset train, Dataset test, const fs::path& test_inputs) {
  core::check(train.inputs().sizes().slice(1) == test.inputs().sizes().slice(1),
              "{}: rows of shape [{}], the training set's are [{}]", test_inputs.string(),
              fmt::join(test.inputs().sizes().slice(1), ", "),
              fmt::join(train.inputs().sizes().slice(1), ", "));
  auto& longer = train.classes.size() > test.classes.size() ? train.classes : test.classes;
  train.classes = test.classes = std::vector(longer);
  return {std::move(train), {}, std::move(test), {}};
}

void keep_first(Dataset& set, std::optional<int64_t> rows, const char* option) {
  if (!rows) return;
  core::check(*rows <= set.size(), "data.{}: {} wanted, there are {}", option, *rows, set.size());
  set.rows.set(column::inputs, set.inputs().narrow(0, 0, *rows));
  set.rows.set(column::targets, set.targets().narrow(0, 0, *rows));
}

fs::path mnist_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"})
    if (fs::exists(folder / (name + ending))) return folder / (name + ending);
  core::fail(
      "{}: expected {} or {}.gz there; Debian's package dataset-fashion-mnist brings them, data.path names "
      "another folder",
      folder.string(), name, name);
}

}  // namespace

torch::Tensor read_idx(const fs::path& file) {
  core::formats::IdxReader reader(file);
  auto values = torch::empty(reader.shape(), reader.real() ? torch::kFloat32 : torch::kUInt8);
  reader.read(values.data_ptr());
  return values;
}

void Idx::fields(core::Fields& f) {
  f.add("train_inputs", train_inputs,
        "IDX file of the training pictures [M, H, W], [M, C, H, W] or rows [M, D]", {.path = true});
  f.add("train_labels", train_labels, "IDX file of their labels [M]; empty: none", {.path = true});
  f.add("test_inputs", test_inputs, "IDX file of the test pictures or rows", {.path = true});
  f.add("test_labels", test_labels, "IDX file of their labels; empty: none", {.path = true});
  f.add("classes", classes, "Names of the classes; []: their numbers");
  holdout.fields(f);
}

Data Idx::load() const {
  core::check(!train_inputs.empty() && !test_inputs.empty(), "data: idx needs train_inputs and test_inputs");
  core::check(train_labels.empty() == test_labels.empty(),
              "data: idx needs both train_labels and test_labels, or neither");
  Data data = both(read_set(train_inputs, train_labels, classes), read_set(test_inputs, test_labels, classes),
                   test_inputs);
  holdout.take(data, train_inputs);
  return data;
}

void FashionMnist::fields(core::Fields& f) {
  f.add("path", path, "Folder of the four IDX files, plain or .gz", {.path = true});
  f.add("train_size", train_size, "Only the first so many training pictures, validation included; null: all",
        {.min = 1});
  f.add("test_size", test_size, "Only the first so many test pictures; null: all", {.min = 1});
  holdout.fields(f);
}

Data FashionMnist::load() const {
  const std::vector<std::string> names{"T-shirt", "trouser", "pullover", "dress", "coat",
                                       "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};
  const auto set = [&](const std::string& prefix) {
    const fs::path images = mnist_file(path, prefix + "-images-idx3-ubyte");
    return read_set(images, mnist_file(path, prefix + "-labels-idx1-ubyte"), names);
  };
  Dataset train = set("train"), test = set("t10k");
  Data data = both(std::move(train), std::move(test), path);
  keep_first(data.train, train_size, "train_size");
  keep_first(data.test, test_size, "test_size");
  holdout.take(data, path);
  return data;
}

}  // namespace training::data
