#include "envs/wrappers/pictures.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "envs/wrappers/pixels.h"

namespace envs {
namespace {

// [H, W, C] of bytes, C as many as are asked for; 0: any number.
const Space& pictures_of(const Envs& inner, const char* wrapper, int64_t channels) {
  const Space& space = inner.spec().observation;
  const bool picture =
      space.kind == Space::Kind::box && space.dtype == Dtype::uint8 && space.shape.size() == 3;
  core::check(
      picture && (channels == 0 || space.shape[2] == channels),
      "env.wrappers: {} needs pictures [H, W, {}] of uint8, as the wrapper pixels makes them; {} has {}",
      wrapper, channels == 3 ? "3" : "C", inner.spec().id, space.str());
  return space;
}

}  // namespace

Grayscale::Grayscale(const Params&, const Envs& inner)
    : pixels_(size_t(pictures_of(inner, "grayscale", 3).size() / 3)) {}

Spec Grayscale::spec(Spec inner) const {
  const auto& shape = inner.observation.shape;
  inner.observation = Space::array({shape[0], shape[1], 1}, 0, 255, Dtype::uint8);
  return inner;
}

void Grayscale::transform(const std::byte* in, std::byte* out) const {
  const auto* rgb = reinterpret_cast<const uint8_t*>(in);
  for (size_t k = 0; k < pixels_; ++k, rgb += 3) out[k] = std::byte(luminance(rgb));
}

AxisWeights::AxisWeights(int64_t from, int64_t to) {
  const double extent = double(from) / double(to);  // of a new pixel, in old ones
  for (int64_t k = 0; k < to; ++k) {
    first.push_back(shares.size());
    const double begin = double(k) * extent, end = double(k + 1) * extent;
    for (auto pixel = int64_t(begin); pixel < std::min(from, int64_t(std::ceil(end))); ++pixel) {
      const double covered = std::min(end, double(pixel + 1)) - std::max(begin, double(pixel));
      shares.push_back({size_t(pixel), float(covered / extent)});
    }
  }
  first.push_back(shares.size());
}

Resize::Resize(const Params& p, const Envs& inner)
    : old_(pictures_of(inner, "resize", 0)),
      rows_(old_.shape[0], p.height),
      columns_(old_.shape[1], p.width),
      narrow_(size_t(old_.shape[0] * p.width * old_.shape[2])) {}

Spec Resize::spec(Spec inner) const {
  const auto height = int64_t(rows_.first.size()) - 1, width = int64_t(columns_.first.size()) - 1;
  inner.observation = Space::array({height, width, old_.shape[2]}, 0, 255, Dtype::uint8);
  return inner;
}

void Resize::narrow(const std::byte* in) {
  const auto height = size_t(old_.shape[0]), width = size_t(old_.shape[1]), channels = size_t(old_.shape[2]);
  float* to = narrow_.data();
  for (size_t y = 0; y < height; ++y, in += width * channels)
    for (size_t x = 0; x + 1 < columns_.first.size(); ++x, to += channels)
      for (size_t c = 0; c < channels; ++c) {
        to[c] = 0;
        for (size_t s = columns_.first[x]; s < columns_.first[x + 1]; ++s)
          to[c] += columns_.shares[s].weight * float(in[columns_.shares[s].pixel * channels + c]);
      }
}

void Resize::transform(const std::byte* in, std::byte* out) {
  narrow(in);
  const size_t stride = narrow_.size() / size_t(old_.shape[0]);
  for (size_t y = 0; y + 1 < rows_.first.size(); ++y, out += stride)
    for (size_t k = 0; k < stride; ++k) {
      float sum = 0;
      for (size_t s = rows_.first[y]; s < rows_.first[y + 1]; ++s)
        sum += rows_.shares[s].weight * narrow_[rows_.shares[s].pixel * stride + k];
      out[k] = std::byte(std::clamp(std::lround(sum), 0L, 255L));
    }
}

}  // namespace envs
