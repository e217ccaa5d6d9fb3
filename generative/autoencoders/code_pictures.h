// What there is to see of a code of few numbers: what its codes mean, on the way from one row to another and
// all over the plane, and where the rows lie.
#pragma once

#include "training/torch.h"

#include <functional>
#include <string>
#include <vector>

#include "core/picture.h"
#include "training/data/batch.h"

namespace generative {

using Decode = std::function<torch::Tensor(const torch::Tensor&)>;  // codes [M, Z] -> pictures [M, C, H, W]

// Straight from the code of one picture to that of the next, ends [2 P, Z]: a row of pictures for each pair.
void show_interpolations(
    core::Gallery& gallery, const torch::Tensor& ends, const Decode& decode,
    const std::string& sentence = "From one validation picture to another, straight through the codes");
// Codes of two numbers: pictures of a square grid of them over `window`, the topmost first.
void show_code_sheet(core::Gallery& gallery, core::Rect window, const Decode& decode);

// Of rows that are shown as points: of each its class, and what the classes are called; empty without.
struct PointClasses {
  PointClasses() = default;
  PointClasses(const training::Batch& rows, const std::vector<std::string>& names);

  torch::Tensor of_rows;  // [M] int64
  std::vector<std::string> names;
};

// Where rows lie, codes [M, Z], Z >= 2, coloured by class: of more numbers than two along their two principal
// components, and beside it the first few hundred by t-SNE. `codes_of` says what they are.
void show_code_map(core::Gallery& gallery, const std::string& codes_of, const torch::Tensor& codes,
                   const PointClasses& classes = {});

}  // namespace generative
