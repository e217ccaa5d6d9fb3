// NumPy's arrays (core/formats/npy.h) as data: files .npy, or the arrays of one .npz.
#pragma once

#include "training/torch.h"

#include <string>
#include <utility>
#include <vector>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

struct Numpy {
  std::string path;                                                                // .npz, or a folder
  std::string inputs = "x_train", targets = "y_train", test_inputs, test_targets;  // arrays there
  std::string channels = "first";
  std::vector<std::string> classes;
  double test_share = 0.2;
  Holdout holdout;

  void fields(core::Fields& f);
  Data load() const;

 private:
  Dataset read_set(const std::string& inputs, const std::string& targets) const;
  torch::Tensor read_inputs(const std::string& array) const;
  void set_targets(Dataset& set, const std::string& array) const;
  std::pair<std::filesystem::path, std::string> place(const std::string& array) const;  // file and member
};

}  // namespace training::data
