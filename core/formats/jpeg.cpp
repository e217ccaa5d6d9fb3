// libjpeg, whose errors leave by a long jump.
#include "core/formats/jpeg.h"

#include <fmt/format.h>

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

namespace core::formats {

namespace {

// Of a progressive picture; ten are usual. Each goes over the whole picture, and may be of a few bytes.
constexpr int most_scans = 100;
// Bytes that a progressive picture's coefficients may take, two for each sample.
constexpr long most_memory = 1L << 30;

struct Trap {
  jpeg_error_mgr base;  // first: libjpeg knows of it alone
  jmp_buf out;
  char message[JMSG_LENGTH_MAX];
  jpeg_progress_mgr progress;
};

void leave(j_common_ptr state) {
  Trap* trap = reinterpret_cast<Trap*>(state->err);
  state->err->format_message(state, trap->message);
  longjmp(trap->out, 1);
}

[[noreturn]] void leave_with(j_common_ptr state, const char* message) {
  Trap* trap = reinterpret_cast<Trap*>(state->err);
  std::snprintf(trap->message, sizeof trap->message, "%s", message);
  longjmp(trap->out, 1);
}

// What libjpeg warns of it makes up.
void heed(j_common_ptr state, int level) {
  if (level < 0) leave_with(state, "its JPEG data are damaged");
}

void count_scans(j_common_ptr state) {
  if (reinterpret_cast<j_decompress_ptr>(state)->input_scan_number > most_scans)
    leave_with(state, "it is sent in more than 100 scans");
}

void listen(Trap& trap, jpeg_decompress_struct& state) {
  state.err = jpeg_std_error(&trap.base);
  trap.base.error_exit = leave;
  trap.base.emit_message = heed;
  trap.progress.progress_monitor = count_scans;
}

void read_head(std::span<const uint8_t> bytes, jpeg_decompress_struct& state) {
  jpeg_create_decompress(&state);
  state.progress = &reinterpret_cast<Trap*>(state.err)->progress;
  state.mem->max_memory_to_use = most_memory;
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
  if (height == shape.height && width == shape.width) return "";
  return fmt::format("it is {} x {}, expected {} x {}", height, width, shape.height, shape.width);
}

}  // namespace core::formats
