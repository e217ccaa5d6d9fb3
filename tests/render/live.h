// Runs that grow while somebody looks, and drawing into a part of a page.
#pragma once

#include <cmath>
#include <functional>

#include "render/cairo_canvas.h"
#include "render/palette.h"
#include "tests/catch.h"
#include "tests/render/pixels.h"
#include "tests/scratch.h"

// Changes a file as another process would: through HDF5, a writer and a reader in one process would share
// what they know. `write` gets the path of a copy.
inline void change(const std::filesystem::path& file,
                   const std::function<void(const std::filesystem::path&)>& write) {
  const Scratch scratch;
  const std::filesystem::path copy = scratch / file.filename().string();
  std::filesystem::copy_file(file, copy);
  write(copy);
  write_bytes(file, bytes_of(copy));
}

// Cuts a file in half; returns the whole.
inline std::string tear(const std::filesystem::path& file) {
  const std::string whole = bytes_of(file);
  write_bytes(file, whole.substr(0, whole.size() / 2));
  return whole;
}

struct Page {
  int width, height;
  double word() const { return std::round(std::clamp(std::min(width / 64.0, height / 48.0), 7.0, 18.0)); }
};
inline constexpr Page pages[] = {{300, 200}, {800, 600}, {1920, 1080}};
inline constexpr int page_margin = 23;
inline constexpr core::Color page_ground{250, 0, 250};

// `thing` drawn into the page's middle.
inline core::Image drawn(const Page& page,
                         const std::function<void(core::Canvas&, core::Rect, double)>& thing) {
  render::CairoCanvas canvas(page.width + 2 * page_margin, page.height + 2 * page_margin);
  canvas.view({0, 0, 1.0 * page.width + 2 * page_margin, 1.0 * page.height + 2 * page_margin}, page_ground);
  thing(canvas, {page_margin, page_margin, 1.0 * page.width, 1.0 * page.height}, page.word());
  return canvas.image();
}

// Pixels outside of the middle that are painted, and those inside that are not.
inline int strayed(const core::Image& image, const Page& page) {
  const int all = painted(image, page_ground);
  const int inside = painted(image, page_ground, page_margin, page_margin, page.width, page.height);
  return all - inside + (page.width * page.height - inside);
}

inline int count_of(const core::Image& image, core::Color color) {
  int count = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) count += same(pixel(image, x, y), color);
  return count;
}
