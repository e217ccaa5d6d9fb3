// Labels without their places (Graves et al. 2006, Connectionist temporal classification): each of T frames
// says a label or nothing (the blank), and a row of frames says what is left of it where neighbours that are
// equal are one and blanks are gone. The likelihood of labels is the sum over all rows of frames that say
// them.
#pragma once

#include <cstdint>
#include <vector>

namespace supervised {

using Labels = std::vector<int64_t>;  // 1 .. V - 1

inline constexpr int64_t blank = 0;

// ln p of each symbol at each frame, [T, V], row by row.
struct Frames {
  const double* log_p;
  int64_t T, V;

  double at(int64_t t, int64_t symbol) const { return log_p[t * V + symbol]; }
};

// What is left of a row of symbols.
Labels collapsed(const std::vector<int64_t>& symbols);

// ln p(labels), by sums forwards and backwards in time (section 4.1); -infinity where the frames are too few
// for them. `occupancy` [T, V], which may be null, becomes the chance of each symbol at each frame, given the
// labels: the slope of ln p(labels) by ln p of the symbol there.
double log_likelihood(const Frames& frames, const Labels& labels, double* occupancy);

// What the most likely symbol of each frame says.
Labels best_path(const Frames& frames);
// The most likely labels among those that begin as `width` likely ones do, frame by frame (Graves 2008,
// section 7.5.2; Hannun et al. 2014); the most likely of all where `width` is no limit.
Labels beam_search(const Frames& frames, int64_t width);

}  // namespace supervised
