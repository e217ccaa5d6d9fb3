#include "training/data/cifar.h"

#include "training/torch.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/formats/cifar.h"

namespace training::data {
namespace {

using core::formats::CifarRecords;

Dataset read_records(const std::filesystem::path& file) {
  CifarRecords records = core::formats::read_cifar(file);
  const auto M = std::ssize(records.labels);
  const auto copied = [](std::vector<uint8_t>& bytes, std::vector<int64_t> shape) {
    return torch::from_blob(bytes.data(), shape, torch::kUInt8).clone();
  };
  const auto& names = core::formats::cifar_classes();
  return {copied(records.pictures, {M, CifarRecords::channels, CifarRecords::side, CifarRecords::side}),
          copied(records.labels, {M}).to(torch::kInt64),
          {names.begin(), names.end()}};
}

Dataset joined(const std::vector<Dataset>& parts) {
  std::vector<torch::Tensor> inputs, targets;
  for (const Dataset& part : parts) {
    inputs.push_back(part.inputs());
    targets.push_back(part.targets());
  }
  return {torch::cat(inputs), torch::cat(targets), parts[0].classes};
}

Dataset first_rows(const Dataset& set, std::optional<int64_t> rows, const char* option) {
  if (!rows) return set;
  core::check(*rows <= set.size(), "data.{}: {} wanted, there are {}", option, *rows, set.size());
  return {set.inputs().narrow(0, 0, *rows), set.targets().narrow(0, 0, *rows), set.classes};
}

}  // namespace

void Cifar10::fields(core::Fields& f) {
  f.add("path", path, "Folder of data_batch_1.bin .. data_batch_5.bin and test_batch.bin", {.path = true});
  f.add("train_size", train_size,
        "Only the first so many pictures to learn from, validation included; null: all", {.min = 1});
  f.add("test_size", test_size, "Only the first so many test pictures; null: all", {.min = 1});
  holdout.fields(f);
}

Data Cifar10::load() const {
  core::check(!path.empty(), "data: cifar10 needs a path, the folder of its binary files");
  const std::filesystem::path folder = path;
  std::vector<Dataset> batches;
  for (int i = 1; i <= 5; ++i) batches.push_back(read_records(folder / fmt::format("data_batch_{}.bin", i)));
  Data data{first_rows(joined(batches), train_size, "train_size"),
            {},
            first_rows(read_records(folder / "test_batch.bin"), test_size, "test_size"),
            {}};
  holdout.take(data, path);
  return data;
}

}  // namespace training::data
