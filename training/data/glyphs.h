// Signs of an alphabet that nobody knows, each written anew in every picture: what few-shot learners,
// matchers and spatial transformers are tried on where Omniglot (Lake et al. 2015) is not at hand.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// A glyph is two to four curved strokes. Every drawing of it shifts, turns and scales them, moves their ends
// a little and has a pen of its own. [M, 1, S, S] uint8, `targets` its number in the alphabet, `state` [M,
// 4]: shift along x and y (pixels), turn (radians), scale. With `unseen` the parts have an alphabet of their
// own each: the same number is another glyph there.
struct Glyphs {
  SplitSizes sizes{.train_size = 5000, .test_size = 1000};
  int64_t classes = 20, side = 28;
  bool unseen = false;
  double rotation = 15, wobble = 0.03, clutter = 0;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
