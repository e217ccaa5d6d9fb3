// CIFAR-10 (Krizhevsky 2009, Learning multiple layers of features from tiny images), from its binary files.
#pragma once

#include <optional>
#include <string>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

struct Cifar10 {
  std::string path;
  std::optional<int64_t> train_size{}, test_size{};
  Holdout holdout{};

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
