// What a grey picture means to a model of black and white pixels (Salakhutdinov & Murray 2008, On the
// quantitative analysis of deep belief networks): each value is a chance, drawn anew at every sight.
#pragma once

#include "training/distributions.h"

namespace generative {

// x of 0 .. 1 -> 0 and 1, of its shape and dtype.
inline torch::Tensor black_and_white(const torch::Tensor& x, const torch::Generator& noise) {
  return (training::uniform_noise(x, noise) < x).to(x.dtype());
}

}  // namespace generative
