// What observations and actions may be (Gymnasium's Box, Discrete, MultiDiscrete and Dict).
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
  enum class Kind { box, discrete, multi_discrete, dict };
  struct Part;

  Kind kind = Kind::box;
  Dtype dtype = Dtype::float32;
  std::vector<int64_t> shape;      // box: its shape; discrete: {}; multi_discrete: {K}; dict: {elements}
  std::vector<float> low, high;    // box, dict: one bound per element, row-major; +-infinity allowed
  std::vector<int64_t> n;          // discrete: {n}; multi_discrete: choices per element
  std::vector<std::string> names;  // discrete: what each choice means; or empty
  std::vector<Part> parts;         // dict: one after another in a row, all of one dtype

  static Space box(std::vector<float> low, std::vector<float> high, Dtype dtype = Dtype::float32);  // one row
  // A box of any shape, all of its elements within the same bounds.
  static Space array(std::vector<int64_t> shape, float low, float high, Dtype dtype = Dtype::float32);
  static Space discrete(int64_t n, Dtype dtype = Dtype::int64);
  static Space choice(std::vector<std::string> names, Dtype dtype = Dtype::int64);  // discrete, with names
  static Space multi_discrete(std::vector<int64_t> n, Dtype dtype = Dtype::int64);
  static Space dict(std::vector<Part> parts);

  int64_t size() const;  // elements per environment (1 for discrete)
  size_t bytes() const;  // size() * item_size(dtype)
  bool is_discrete() const { return kind == Kind::discrete; }
  std::string str() const;  // "Box(float32, [4])", "Discrete(2)", "Discrete(2: hit, stick)"
  // The width of the float vector that a net reads: see flat_view.
  int64_t net_width() const;
};

struct Space::Part {
  std::string name;
  Space space;
};

// Whether one row [size()] of `space.dtype` lies in the space; NaN never does.
bool contains(const Space& space, const std::byte* row);
// Whether each Discrete and MultiDiscrete element of a row is one of its choices; a Box may hold anything.
bool has_choices(const Space& space, const std::byte* row);
// One row as a net reads it, [net_width()]: boxes as they are, discrete values one-hot, a dict's parts
// joined.
void flat_view(const Space& space, const std::byte* row, float* to);
// One action drawn uniformly: `discrete` [size()] or `continuous` [size()], by kind; elements without two
// finite bounds from -1 .. 1. A Dict is no action. `mask` [n], of a Discrete space: actions with a 0 are not
// drawn, unless all have one.
void sample(const Space& space, core::Pcg64& random, int64_t* discrete, float* continuous,
            const uint8_t* mask = nullptr);

}  // namespace envs
