// Text files as windows of symbols, which are characters, bytes or byte pairs: what a language model learns
// from.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "core/formats/text.h"
#include "core/options.h"
#include "training/data/all.h"

namespace training::data {

using core::formats::code_points;
using core::formats::text_files;
using core::formats::utf8;

// Stands for what the training part of a text does not have; the last symbol of the vocabulary. Whatever
// models expect of it they pay for where the other parts have such a character.
inline constexpr char32_t unknown = U'\uFFFD';

// A symbol is a code point, a byte or a byte pair; the vocabulary (Dataset::classes) of code points is what
// occurs in the training part, in their order, and `unknown`; of byte pairs it is learned from that part
// alone. The parts are cut at the same characters whatever a symbol is. Row i is the window of `block`
// symbols from i * stride on, its targets are one further; windows are views of the text, of which there is
// one copy. Those of validation and test stand side by side.
struct Text {
  std::string file = "/usr/share/games/fortunes", tokens = "characters";
  int64_t merges = 512, block = 64, stride = 1;
  double validation = 0.1, test = 0.1;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
