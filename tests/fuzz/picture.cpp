// PNG and JPEG pictures, whatever they are called.
#include "core/formats/pictures.h"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <png.h>

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_picture(Bytes bytes) {
  const Held held(bytes);
  for (const size_t channels : {1, 3}) {
    core::formats::PictureShape shape = core::formats::picture_shape(held.path(), channels);
    if (shape.height * shape.width > 1'000'000) shape.height = shape.width = 1;  // another size: refused
    std::vector<uint8_t> pixels(shape.height * shape.width * channels);
    core::formats::read_picture(held.path(), shape, pixels.data());
  }
}

std::string png_of(uint32_t height, uint32_t width, uint32_t format) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = height;
  image.width = width;
  image.format = format;
  std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(image));
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(37 * i);
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t length = bytes.size();
  png_image_write_to_memory(&image, bytes.data(), &length, 0, pixels.data(), 0, nullptr);
  bytes.resize(length);
  return bytes;
}

std::string jpeg_of(uint32_t height, uint32_t width) {
  jpeg_compress_struct state{};
  jpeg_error_mgr errors{};
  state.err = jpeg_std_error(&errors);
  jpeg_create_compress(&state);
  unsigned char* memory = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&state, &memory, &length);
  state.image_height = height;
  state.image_width = width;
  state.input_components = 3;
  state.in_color_space = JCS_RGB;
  jpeg_set_defaults(&state);
  jpeg_start_compress(&state, 1);
  std::vector<uint8_t> row(3 * size_t{width}, 90);
  for (JSAMPROW line = row.data(); state.next_scanline < height;) jpeg_write_scanlines(&state, &line, 1);
  jpeg_finish_compress(&state);
  jpeg_destroy_compress(&state);
  const std::string bytes(reinterpret_cast<char*>(memory), length);
  std::free(memory);
  return bytes;
}

std::vector<std::string> picture_seeds() {
  return {png_of(5, 4, PNG_FORMAT_GRAY), png_of(3, 6, PNG_FORMAT_RGBA), jpeg_of(9, 7)};
}

}  // namespace

Target picture() { return {"picture", read_picture, picture_seeds}; }

}  // namespace tests::fuzz
