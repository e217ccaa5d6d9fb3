// How a flow maps each number, given what a network says of it: shifted (Dinh, Krueger & Bengio 2015, NICE),
// scaled and shifted (RealNVP), or bent by a spline.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "core/options.h"
#include "generative/flow/affine_coupling.h"
#include "generative/flow/spline_coupling.h"

namespace generative {

struct NumberMap {
  std::string kind = "affine";
  AffineCoupling affine;
  SplineCoupling spline;

  void fields(core::Fields& f);
  int64_t parameters() const;  // what a network says of each number
  // Of a network's outputs for rows of D numbers, in their order: which number each one speaks of.
  std::vector<int64_t> speaks_of(int64_t D) const;
  // x [B, H], raw [B, H parameters()]; the inverse undoes it.
  FlowOutput forward(const torch::Tensor& x, const torch::Tensor& raw) const;
  FlowOutput inverse(const torch::Tensor& y, const torch::Tensor& raw) const;
};

}  // namespace generative
