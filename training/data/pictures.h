// Folders of PNG and JPEG pictures (core/formats/pictures.h), a folder for each class.
#pragma once

#include <string>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

// [M, C, H, W] uint8, all of the first one's size, classes named by their folders.
struct Pictures {
  std::string path, test_path, colour = "grey";
  double test_share = 0.2;
  Holdout holdout;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
