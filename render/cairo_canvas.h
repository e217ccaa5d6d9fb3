// Canvas without a display: pixels in memory, PNG, SVG and PDF, all by Cairo. Same strokes, same bytes.
#pragma once

#include <filesystem>
#include <memory>

#include "core/canvas.h"
#include "core/picture.h"
#include "render/view.h"

namespace render {

class CairoCanvas : public core::Canvas {
 public:
  // Width and height in pixels (SVG: px, PDF: points), 1 .. 16384; Error otherwise.
  CairoCanvas(int width, int height);  // in memory
  static CairoCanvas svg(const std::filesystem::path& file, int width, int height);
  static CairoCanvas pdf(const std::filesystem::path& file, int width, int height);
  // The canvas that the file's ending asks for: .png (written by save), .svg, .pdf.
  static CairoCanvas for_file(const std::filesystem::path& file, int width, int height);
  CairoCanvas(CairoCanvas&&) noexcept;
  CairoCanvas& operator=(CairoCanvas&&) noexcept;
  ~CairoCanvas() override;

  core::Image image() const;                         // [H, W, 3]; of a canvas in memory only
  void save_png(const std::filesystem::path& file);  // of a canvas in memory only
  // The pixels themselves, [H, W] of 0x00RRGGBB, of a canvas in memory only: what is drawn is in them, and
  // what is written there is drawn upon, until the next call of this. They stay where they are.
  uint32_t* words();
  void finish();  // writes the SVG, PDF or PNG of for_file; Error when the disk refuses

  void view(core::Rect world, core::Color background) override;
  void line(core::Vec from, core::Vec to, core::Color color, double width) override;
  void circle(core::Vec center, double radius, core::Paint paint) override;
  void polygon(std::span<const core::Vec> points, core::Paint paint) override;
  void text(core::Vec at, std::string_view words, double height, core::Color color,
            core::Align align) override;
  void image(core::Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) override;
  void clip(std::optional<core::Rect> world) override;

 private:
  struct Surface;  // Cairo's handles
  explicit CairoCanvas(std::unique_ptr<Surface> surface);
  void paint(const core::Paint& paint);

  std::unique_ptr<Surface> surface_;
  View view_;
};

}  // namespace render
