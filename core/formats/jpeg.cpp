// libjpeg, whose errors leave by a long jump.
#include "core/formats/jpeg.h"

#include <fmt/format.h>

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

namespace core::formats {

namespace {

struct Trap {
  jpeg_error_mgr base;  // first: libjpeg knows of it alone
  jmp_buf out;
  char message[JMSG_LENGTH_MAX];
};

void leave(j_common_ptr state) {
  Trap* trap = reinterpret_cast<Trap*>(state->err);
  state->err->format_message(state, trap->message);
  longjmp(trap->out, 1);
}

void keep_quiet(j_common_ptr) {}

void listen(Trap& trap, jpeg_decompress_struct& state) {
  state.err = jpeg_std_error(&trap.base);
  trap.base.error_exit = leave;
  trap.base.output_message = keep_quiet;
}

void read_head(std::span<const uint8_t> bytes, jpeg_decompress_struct& state) {
  jpeg_create_decompress(&state);
  jpeg_mem_src(&state, bytes.data(), bytes.size());
  jpeg_read_header(&state, 1);
}

// The frame that a jump comes back to is each one's own. No object of a class may live here: a jump ends
// none.
bool measure(std::span<const uint8_t> bytes, Trap& trap, jpeg_decompress_struct& state) {
  listen(trap, state);
  if (setjmp(trap.out)) return false;
  read_head(bytes, state);
  return true;
}

bool decode(std::span<const uint8_t> bytes, const PictureShape& shape, uint8_t* pixels, Trap& trap,
            jpeg_decompress_struct& state) {
  listen(trap, state);
  if (setjmp(trap.out)) return false;
  read_head(bytes, state);
  if (state.image_height != shape.height || state.image_width != shape.width) return true;
  state.out_color_space = shape.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_start_decompress(&state);
  while (state.output_scanline < state.output_height) {
    JSAMPROW row = pixels + state.output_scanline * shape.width * shape.channels;
    jpeg_read_scanlines(&state, &row, 1);
  }
  return true;
}

}  // namespace

std::string jpeg_size(std::span<const uint8_t> bytes, PictureShape& shape) {
  jpeg_decompress_struct state{};
  Trap trap{};
  const bool read = measure(bytes, trap, state);
  shape.height = state.image_height;
  shape.width = state.image_width;
  jpeg_destroy_decompress(&state);
  return read ? "" : trap.message;
}

std::string decode_jpeg(std::span<const uint8_t> bytes, const PictureShape& shape, uint8_t* pixels) {
  jpeg_decompress_struct state{};
  Trap trap{};
  const bool read = decode(bytes, shape, pixels, trap, state);
  const size_t height = state.image_height, width = state.image_width;
  jpeg_destroy_decompress(&state);
  if (!read) return trap.message;
  if (trap.base.num_warnings > 0) return "its JPEG data are damaged";  // the rest was made up
  if (height == shape.height && width == shape.width) return "";
  return fmt::format("it is {} x {}, expected {} x {}", height, width, shape.height, shape.width);
}

}  // namespace core::formats
