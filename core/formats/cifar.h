// CIFAR-10's binary files (Krizhevsky 2009): records of a label and a picture of 32 x 32 pixels, red, then
// green, then blue.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace core::formats {

struct CifarRecords {
  static constexpr int64_t channels = 3, side = 32, picture = channels * side * side;  // bytes

  std::vector<uint8_t> labels;    // [M], each below 10
  std::vector<uint8_t> pictures;  // [M, 3, 32, 32]
};

const std::array<std::string, 10>& cifar_classes();
// Error that names the file: missing, no whole number of records, none at all, a label of 10 or more.
CifarRecords read_cifar(const std::filesystem::path& file);

}  // namespace core::formats
