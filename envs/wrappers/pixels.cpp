#include "envs/wrappers/pixels.h"

#include "core/error.h"

namespace envs {

std::function<OffscreenCanvas(int width, int height)>& offscreen() {
  static std::function<OffscreenCanvas(int, int)> maker;
  return maker;
}

core::Image OffscreenCanvas::image() const {
  core::Image image{width, height, 3, std::vector<uint8_t>(size_t(width) * size_t(height) * 3)};
  read(3, image.pixels.data());
  return image;
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

void Pixels::paint(size_t i, std::byte* out) const {
  inner_.draw(int64_t(i), *easel_.canvas);
  easel_.read(p_.colour == "grey" ? 1 : 3, reinterpret_cast<uint8_t*>(out));
}

}  // namespace envs
