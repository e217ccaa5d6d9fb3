// JPEG pictures, as Minari keeps frames.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace core::formats {

struct PictureShape {
  size_t height, width, channels;  // channels: 1 grey, 3 red, green, blue
};

// Height and width; the text says what is wrong, empty: nothing.
std::string jpeg_size(std::span<const uint8_t> bytes, PictureShape& shape);
// Decodes into `pixels`, [height, width, channels]; the text says what is wrong, empty: nothing.
std::string decode_jpeg(std::span<const uint8_t> bytes, const PictureShape& shape, uint8_t* pixels);

}  // namespace core::formats
