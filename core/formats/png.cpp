#include "core/formats/png.h"

#include <fmt/format.h>
#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

namespace core::formats {
namespace {

constexpr size_t signature = 8, around = 12;  // bytes: of a file, and of a chunk beside what it holds

uint32_t number(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint32_t>(bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
}

// What makes the picture; what else a chunk may hold is none of ours, and may unpack to any size.
bool is_wanted(std::string_view kind) {
  static constexpr std::array<std::string_view, 8> wanted{"IHDR", "PLTE", "tRNS", "gAMA",
                                                          "sRGB", "cHRM", "IDAT", "IEND"};
  return std::ranges::find(wanted, kind) != wanted.end();
}

// The chunks that make the picture, up to its end, each as its checksum has it: libpng passes over some that
// are damaged. Empty where one is, or the end is missing.
std::vector<uint8_t> whole_chunks(std::span<const uint8_t> bytes) {
  if (bytes.size() < signature) return {};
  std::vector<uint8_t> kept(bytes.begin(), bytes.begin() + signature);
  for (size_t at = signature; at + around <= bytes.size();) {
    const size_t length = number(bytes, at);
    if (length > bytes.size() - at - around) return {};
    const std::span<const uint8_t> chunk = bytes.subspan(at, length + around);
    const std::string_view kind(reinterpret_cast<const char*>(chunk.data()) + 4, 4);
    if (crc32_z(0, chunk.data() + 4, length + 4) != number(chunk, length + 8)) return {};
    if (is_wanted(kind)) kept.insert(kept.end(), chunk.begin(), chunk.end());
    if (kind == "IEND") return kept;
    at += chunk.size();
  }
  return {};
}

// Closed at the end, whatever was read of it.
struct OpenPng {
  std::vector<uint8_t> chunks;
  png_image image{};

  explicit OpenPng(std::span<const uint8_t> bytes) : chunks(whole_chunks(bytes)) {
    image.version = PNG_IMAGE_VERSION;
    if (chunks.empty())
      refuse("its PNG data are damaged, or cut off");
    else if (png_image_begin_read_from_memory(&image, chunks.data(), chunks.size()) == 0 && !is_wrong())
      image.warning_or_error = PNG_IMAGE_ERROR;
  }
  OpenPng(const OpenPng&) = delete;
  OpenPng& operator=(const OpenPng&) = delete;
  ~OpenPng() { png_image_free(&image); }
  void refuse(const char* why) {
    image.warning_or_error = PNG_IMAGE_ERROR;
    std::snprintf(image.message, sizeof image.message, "%s", why);
  }
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
