// IDX files (the format of MNIST), plain or gzip: two zero bytes, type, rank, big-endian sizes, values.
#pragma once

#include "training/torch.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

// The file's tensor: uint8 (type 0x08) or float32 (type 0x0D), of the file's shape. Errors name the file,
// what was expected and what was found: missing, not IDX, another type, truncated, longer than its header
// says.
torch::Tensor read_idx(const std::filesystem::path& file);

// Own files: pictures [M, H, W] or [M, C, H, W], or rows [M, D]; labels [M] uint8.
struct Idx {
  std::string train_inputs, train_labels, test_inputs, test_labels;
  std::vector<std::string> classes;
  Holdout holdout{};

  void fields(core::Fields& f);
  Data load() const;
};

struct FashionMnist {
  std::string path = "/usr/share/datasets/fashion-mnist";
  std::optional<int64_t> train_size{}, test_size{};
  Holdout holdout{};

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
