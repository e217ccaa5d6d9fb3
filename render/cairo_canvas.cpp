// Shapes as Cairo paths in pixel coordinates; text from the font file, unhinted, so that it scales evenly.
#include "render/cairo_canvas.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/path.h"
#include "core/shown.h"
#include "core/whole_file.h"
#include "render/font.h"
#include "render/png.h"
#include "render/surface.h"

namespace render {

using core::Color, core::Rect, core::Vec;

// A vector surface's file, which is written when it is whole.
static cairo_status_t append(void* to, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

struct CairoCanvas::Surface {
  std::unique_ptr<std::string> bytes;  // of a vector surface; it outlives the surface
  cairo_surface_t* surface = nullptr;
  cairo_t* cr = nullptr;
  int width = 0, height = 0;
  std::filesystem::path file;  // empty: in memory

  Surface(cairo_surface_t* made, int w, int h, std::filesystem::path path)
      : surface(made), cr(cairo_create(made)), width(w), height(h), file(std::move(path)) {
    const bool ok = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    core::check(ok, "{}: cannot be drawn ({})", file.empty() ? "picture" : file.string(),
                cairo_status_to_string(cairo_status(cr)));
  }
  using Make = cairo_surface_t* (*)(cairo_write_func_t, void*, double, double);
  Surface(Make make, int w, int h, std::filesystem::path path)
      : Surface(std::make_unique<std::string>(), make, w, h, std::move(path)) {}
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;
  ~Surface() {
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
  }
  bool in_memory() const { return cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE; }

 private:
  Surface(std::unique_ptr<std::string> to, Make make, int w, int h, std::filesystem::path path)
      : Surface(make(append, to.get(), w, h), w, h, std::move(path)) {
    bytes = std::move(to);
  }
};

static void check_size(int width, int height) {
  const bool ok = width >= 1 && height >= 1 && width <= 16384 && height <= 16384;
  core::check(ok, "a picture of {} x {} pixels cannot be made, expected 1 .. 16384 each way", width, height);
}

CairoCanvas::CairoCanvas(std::unique_ptr<Surface> surface) : surface_(std::move(surface)) {
  view_ = fit({0, 0, 1.0 * surface_->width, 1.0 * surface_->height}, surface_->width, surface_->height);
}
CairoCanvas::CairoCanvas(CairoCanvas&&) noexcept = default;
CairoCanvas& CairoCanvas::operator=(CairoCanvas&&) noexcept = default;
CairoCanvas::~CairoCanvas() = default;

CairoCanvas::CairoCanvas(int width, int height)
    : CairoCanvas((check_size(width, height),
                   std::make_unique<Surface>(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height),
                                             width, height, std::filesystem::path()))) {}

CairoCanvas CairoCanvas::svg(const std::filesystem::path& file, int width, int height) {
  check_size(width, height);
  return CairoCanvas(std::make_unique<Surface>(cairo_svg_surface_create_for_stream, width, height, file));
}

CairoCanvas CairoCanvas::pdf(const std::filesystem::path& file, int width, int height) {
  check_size(width, height);
  return CairoCanvas(std::make_unique<Surface>(cairo_pdf_surface_create_for_stream, width, height, file));
}

CairoCanvas CairoCanvas::for_file(const std::filesystem::path& file, int width, int height) {
  const std::string ending = core::ending(file);
  if (ending == ".svg") return svg(file, width, height);
  if (ending == ".pdf") return pdf(file, width, height);
  core::check(ending == ".png", "{}: pictures end in .png, .svg or .pdf", file.string());
  CairoCanvas canvas(width, height);
  canvas.surface_->file = file;
  return canvas;
}

core::Image CairoCanvas::image() const {
  core::check(surface_->in_memory(), "{}: only a canvas in memory has pixels", surface_->file.string());
  return pixels_of(surface_->surface);
}

// Rows of words of four bytes have no gaps between them.
uint32_t* CairoCanvas::words() {
  core::check(surface_->in_memory(), "{}: only a canvas in memory has pixels", surface_->file.string());
  cairo_surface_flush(surface_->surface);
  cairo_surface_mark_dirty(surface_->surface);
  return reinterpret_cast<uint32_t*>(cairo_image_surface_get_data(surface_->surface));
}

void CairoCanvas::save_png(const std::filesystem::path& file) { write_png(image(), file); }

void CairoCanvas::finish() {
  if (surface_->in_memory()) return save_png(surface_->file);
  cairo_surface_finish(surface_->surface);
  const cairo_status_t status = cairo_surface_status(surface_->surface);
  core::check(status == CAIRO_STATUS_SUCCESS, "{}: cannot be drawn ({})", surface_->file.string(),
              cairo_status_to_string(status));
  core::write_whole(surface_->file, *surface_->bytes);
}

static void set_color(cairo_t* cr, Color c) {
  cairo_set_source_rgba(cr, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.a / 255.0);
}

void CairoCanvas::view(Rect world, Color background) {
  view_ = fit(world, surface_->width, surface_->height);
  cairo_reset_clip(surface_->cr);
  set_color(surface_->cr, background);
  cairo_paint(surface_->cr);
}

void CairoCanvas::clip(std::optional<Rect> world) {
  cairo_reset_clip(surface_->cr);
  if (!world) return;
  const Vec corner = view_.pixel({world->x, world->y + world->height});
  cairo_rectangle(surface_->cr, corner.x, corner.y, view_.scale * world->width, view_.scale * world->height);
  cairo_clip(surface_->cr);
}

void CairoCanvas::line(Vec from, Vec to, Color color, double width) {
  const Vec a = view_.pixel(from), b = view_.pixel(to);
  cairo_t* cr = surface_->cr;
  cairo_move_to(cr, a.x, a.y);
  cairo_line_to(cr, b.x, b.y);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width(cr, view_.scale * width);
  set_color(cr, color);
  cairo_stroke(cr);
}

// Fills and strokes the current path.
void CairoCanvas::paint(const core::Paint& paint) {
  cairo_t* cr = surface_->cr;
  set_color(cr, paint.fill);
  if (paint.fill.a) cairo_fill_preserve(cr);
  set_color(cr, paint.line);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width(cr, view_.scale * paint.width);
  if (paint.line.a && paint.width > 0) cairo_stroke_preserve(cr);
  cairo_new_path(cr);
}

void CairoCanvas::circle(Vec center, double radius, core::Paint style) {
  const Vec at = view_.pixel(center);
  cairo_new_path(surface_->cr);
  cairo_arc(surface_->cr, at.x, at.y, view_.scale * radius, 0, 2 * std::numbers::pi);
  cairo_close_path(surface_->cr);
  paint(style);
}

void CairoCanvas::polygon(std::span<const Vec> points, core::Paint style) {
  cairo_new_path(surface_->cr);
  for (const Vec& point : points) {
    const Vec at = view_.pixel(point);
    cairo_line_to(surface_->cr, at.x, at.y);
  }
  cairo_close_path(surface_->cr);
  paint(style);
}

// The font file as Cairo's face, opened once per process; Cairo guards it between threads.
static cairo_font_face_t* face() {
  static cairo_font_face_t* const made = [] {
    FT_Library library = nullptr;
    FT_Face opened = nullptr;
    const bool ok =
        FT_Init_FreeType(&library) == 0 && FT_New_Face(library, font_file().c_str(), 0, &opened) == 0;
    core::check(ok, "{}: is no font that FreeType can read", font_file().string());
    return cairo_ft_font_face_create_for_ft_face(opened, FT_LOAD_NO_HINTING);
  }();
  return made;
}

void CairoCanvas::text(Vec at, std::string_view words, double height, Color color, core::Align align) {
  const std::string line = core::shown(words);
  const double size = view_.scale * height, width = text_width(line, size);
  const Vec anchor = view_.pixel(at);
  const double shift = align == core::Align::left ? 0 : align == core::Align::center ? width / 2 : width;
  cairo_t* cr = surface_->cr;
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, options);
  cairo_font_options_destroy(options);
  cairo_set_font_face(cr, face());
  cairo_set_font_size(cr, size / capital);
  cairo_move_to(cr, anchor.x - shift, anchor.y);
  set_color(cr, color);
  cairo_show_text(cr, line.c_str());
  cairo_new_path(cr);
}

// Cairo wants premultiplied ARGB in native words.
static uint32_t argb(const uint8_t* pixel, int channels) {
  const uint32_t a = channels == 4 ? pixel[3] : 255;
  const auto part = [&](int channel) { return pixel[channels < 3 ? 0 : channel] * a / 255; };
  return a << 24 | part(0) << 16 | part(1) << 8 | part(2);
}

void CairoCanvas::image(Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) {
  std::vector<uint32_t> words(static_cast<size_t>(width) * height);
  for (size_t k = 0; k < words.size(); ++k) words[k] = argb(pixels.data() + k * channels, channels);
  cairo_surface_t* source = cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(words.data()), CAIRO_FORMAT_ARGB32, width, height, width * 4);
  const Vec corner = view_.pixel({where.x, where.y + where.height});
  cairo_t* cr = surface_->cr;
  cairo_save(cr);
  cairo_translate(cr, corner.x, corner.y);
  cairo_scale(cr, view_.scale * where.width / width, view_.scale * where.height / height);
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_set_source_surface(cr, source, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_fill(cr);
  cairo_restore(cr);
  cairo_surface_finish(source);
  cairo_surface_destroy(source);
}

}  // namespace render
