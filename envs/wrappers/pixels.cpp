#include "envs/wrappers/pixels.h"

#include <cstring>

#include "core/error.h"

namespace envs {

std::function<OffscreenCanvas(int width, int height)>& offscreen() {
  static std::function<OffscreenCanvas(int, int)> maker;
  return maker;
}

Pixels::Pixels(const Params& params, const Envs& inner) : p_(params), inner_(inner) {
  core::check(bool(offscreen()), "env.wrappers: pixels needs a canvas, which this program does not have");
  easel_ = offscreen()(int(p_.width), int(p_.height));
}

Spec Pixels::spec(Spec inner) const {
  const int64_t channels = p_.colour == "grey" ? 1 : 3;
  const auto size = size_t(p_.width * p_.height * channels);
  inner.observation = Space::box(std::vector<float>(size, 0), std::vector<float>(size, 255), Dtype::uint8);
  inner.observation.shape = {p_.height, p_.width, channels};
  return inner;
}

void copy_pixels(const core::Image& image, const std::string& colour, uint8_t* out) {
  if (colour == "rgb") {
    std::memcpy(out, image.pixels.data(), image.pixels.size());
    return;
  }
  for (size_t k = 0; k < image.pixels.size() / 3; ++k) out[k] = luminance(image.pixels.data() + 3 * k);
}

void Pixels::paint(size_t i, std::byte* out) const {
  inner_.draw(int64_t(i), *easel_.canvas);
  copy_pixels(easel_.image(), p_.colour, reinterpret_cast<uint8_t*>(out));
}

}  // namespace envs
