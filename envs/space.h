// What observations and actions may be (Gymnasium's Box, Discrete and MultiDiscrete).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"

namespace envs {

enum class Dtype { float32, uint8, int32, int64 };

size_t item_size(Dtype dtype);
const char* dtype_name(Dtype dtype);

struct Space {
  enum class Kind { box, discrete, multi_discrete };

  Kind kind = Kind::box;
  Dtype dtype = Dtype::float32;
  std::vector<int64_t> shape;    // box: its shape; discrete: {}; multi_discrete: {K}
  std::vector<float> low, high;  // box: one bound per element, row-major; +-infinity allowed
  std::vector<int64_t> n;        // discrete: {n}; multi_discrete: choices per element

  static Space box(std::vector<float> low, std::vector<float> high, Dtype dtype = Dtype::float32);  // one row
  static Space discrete(int64_t n, Dtype dtype = Dtype::int64);
  static Space multi_discrete(std::vector<int64_t> n, Dtype dtype = Dtype::int64);

  int64_t size() const;  // elements per environment (1 for discrete)
  size_t bytes() const;  // size() * item_size(dtype)
  bool is_discrete() const { return kind == Kind::discrete; }
  std::string str() const;  // "Box(float32, [4])", "Discrete(2)"
  // The width of a float vector that a net reads: box elements as they are, discrete values one-hot.
  int64_t net_width() const;
};

// Whether one row [size()] of `space.dtype` lies in the space; NaN never does.
bool contains(const Space& space, const std::byte* row);
// One action drawn uniformly: `discrete` [size()] or `continuous` [size()], by kind; elements without two
// finite bounds from -1 .. 1.
void sample(const Space& space, core::Pcg64& random, int64_t* discrete, float* continuous);

}  // namespace envs
