// PNG by Cairo.
#include "render/png.h"

#include <memory>

#include "core/error.h"
#include "core/whole_file.h"
#include "render/surface.h"

namespace render {

core::Image pixels_of(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  core::Image image{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), 3, {}};
  image.pixels.reserve(static_cast<size_t>(image.width) * image.height * 3);
  const unsigned char* rows = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < image.height; ++y) {
    const auto* row = reinterpret_cast<const uint32_t*>(rows + static_cast<ptrdiff_t>(y) * stride);
    for (int x = 0; x < image.width; ++x)
      for (const int shift : {16, 8, 0}) image.pixels.push_back(static_cast<uint8_t>(row[x] >> shift));
  }
  return image;
}

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

static uint32_t word(const core::Image& image, size_t pixel) {
  const uint8_t* p = image.pixels.data() + pixel * image.channels;
  const auto part = [&](int channel) { return static_cast<uint32_t>(p[image.channels < 3 ? 0 : channel]); };
  return part(0) << 16 | part(1) << 8 | part(2);
}

static Surface surface_of(const core::Image& image) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height),
                  cairo_surface_destroy);
  core::check(cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS,
              "a picture of {} x {} pixels cannot be made", image.width, image.height);
  unsigned char* rows = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < image.height; ++y) {
    auto* row = reinterpret_cast<uint32_t*>(rows + static_cast<ptrdiff_t>(y) * stride);
    for (int x = 0; x < image.width; ++x) row[x] = word(image, static_cast<size_t>(y) * image.width + x);
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

std::string png_bytes(const core::Image& image) {
  std::string bytes;
  const auto append = [](void* to, const unsigned char* data, unsigned length) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
  };
  const Surface surface = surface_of(image);
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  core::check(status == CAIRO_STATUS_SUCCESS, "PNG: {}", cairo_status_to_string(status));
  return bytes;
}

void write_png(const core::Image& image, const std::filesystem::path& file) {
  core::write_whole(file, png_bytes(image));
}

core::Image read_png(const std::filesystem::path& file) {
  core::check(std::filesystem::exists(file), "{}: no such file", file.string());
  const Surface surface(cairo_image_surface_create_from_png(file.c_str()), cairo_surface_destroy);
  core::check(cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS, "{}: is no PNG", file.string());
  return pixels_of(surface.get());
}

}  // namespace render
