#include "core/formats/png.h"

#include <fmt/format.h>
#include <png.h>

namespace core::formats {
namespace {

// Closed at the end, whatever was read of it.
struct OpenPng {
  png_image image{};

  explicit OpenPng(std::span<const uint8_t> bytes) {
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0 && !is_wrong())
      image.warning_or_error = PNG_IMAGE_ERROR;
  }
  OpenPng(const OpenPng&) = delete;
  OpenPng& operator=(const OpenPng&) = delete;
  ~OpenPng() { png_image_free(&image); }
  bool is_wrong() const { return (image.warning_or_error & PNG_IMAGE_ERROR) != 0; }
};

}  // namespace

std::string png_size(std::span<const uint8_t> bytes, PictureShape& shape) {
  const OpenPng png(bytes);
  if (png.is_wrong()) return static_cast<const char*>(png.image.message);
  shape.height = png.image.height;
  shape.width = png.image.width;
  return "";
}

std::string decode_png(std::span<const uint8_t> bytes, const PictureShape& shape, uint8_t* pixels) {
  OpenPng png(bytes);
  if (png.is_wrong()) return static_cast<const char*>(png.image.message);
  if (png.image.height != shape.height || png.image.width != shape.width)
    return fmt::format("it is {} x {}, expected {} x {}", uint32_t{png.image.height},
                       uint32_t{png.image.width}, shape.height, shape.width);
  png.image.format = shape.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  const png_color black{0, 0, 0};
  const bool read = png_image_finish_read(&png.image, &black, pixels, 0, nullptr) != 0;
  return read ? "" : static_cast<const char*>(png.image.message);
}

}  // namespace core::formats
