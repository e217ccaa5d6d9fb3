// Wrappers of observations that are pictures [H, W, C] of bytes: without colours, of another size.
#pragma once

#include <vector>

#include "core/options.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// Three channels become one by luminance, [H, W, 1] (Gymnasium's GrayscaleObservation).
struct Grayscale {
  struct Params {
    void fields(core::Fields&) {}
  };
  Grayscale(const Params&, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  void next(size_t, const std::byte* in, std::byte* out) { transform(in, out); }

 private:
  void transform(const std::byte* in, std::byte* out) const;

  size_t pixels_;
};

// What one axis of a picture becomes: pixel k of the new one is the weighted mean of the old ones first[k] ..
// first[k + 1] - 1, by how much of each its own extent covers.
struct AxisWeights {
  AxisWeights(int64_t from, int64_t to);

  struct Share {
    size_t pixel;
    float weight;
  };
  std::vector<Share> shares;
  std::vector<size_t> first;  // [to + 1] into shares
};

// Pictures of another size; every new pixel is the mean of the area that it covers, as Gymnasium's
// ResizeObservation when it makes pictures smaller.
struct Resize {
  struct Params {
    int64_t width = 84, height = 84;
    void fields(core::Fields& f) {
      f.add("width", width, "Of the new picture", {.min = 1, .max = 1024, .unit = "pixels"});
      f.add("height", height, "Of the new picture", {.min = 1, .max = 1024, .unit = "pixels"});
    }
  };
  Resize(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  void next(size_t, const std::byte* in, std::byte* out) { transform(in, out); }

 private:
  void transform(const std::byte* in, std::byte* out);
  void narrow(const std::byte* in);  // into narrow_: the new width, the old height

  Space old_;
  AxisWeights rows_, columns_;
  std::vector<float> narrow_;  // [H, new W, C]
};

}  // namespace envs
