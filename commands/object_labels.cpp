#include "commands/object_labels.h"

#include <algorithm>

namespace commands {

namespace {

constexpr core::Color black{0, 0, 0}, white{255, 255, 255};

// Paints the chosen object white and all else black; counts the objects.
class Silhouette final : public core::Canvas {
 public:
  Silhouette(core::Canvas& onto, int64_t chosen) : onto_(onto), chosen_(chosen) {}

  int64_t objects() const { return objects_; }
  const std::string& kind() const { return kind_; }  // of the chosen one

  void view(core::Rect world, core::Color) override {
    inside_ = false;
    onto_.view(world, black);
  }
  void line(core::Vec from, core::Vec to, core::Color color, double width) override {
    onto_.line(from, to, flat(color), width);
  }
  void circle(core::Vec center, double radius, core::Paint paint) override {
    onto_.circle(center, radius, flat(paint));
  }
  void polygon(std::span<const core::Vec> points, core::Paint paint) override {
    onto_.polygon(points, flat(paint));
  }
  void text(core::Vec at, std::string_view words, double height, core::Color color,
            core::Align align) override {
    onto_.text(at, words, height, flat(color), align);
  }
  void image(core::Rect where, std::span<const uint8_t>, int, int, int) override {
    const double right = where.x + where.width, top = where.y + where.height;
    const std::array<core::Vec, 4> corners{
        {{where.x, where.y}, {right, where.y}, {right, top}, {where.x, top}}};
    onto_.polygon(corners, core::filled(inside_ ? white : black));
  }
  void clip(std::optional<core::Rect> part) override { onto_.clip(part); }
  void object(std::string_view kind) override {
    inside_ = !kind.empty() && objects_++ == chosen_;
    if (inside_) kind_ = kind;
  }

 private:
  core::Color flat(core::Color color) const {
    const uint8_t light = inside_ ? 255 : 0;
    return {light, light, light, color.a};
  }
  core::Paint flat(core::Paint paint) const { return {flat(paint.fill), flat(paint.line), paint.width}; }

  core::Canvas& onto_;
  int64_t chosen_, objects_ = 0;
  std::string kind_;
  bool inside_ = false;
};

// Adds what is white to the mask; false where nothing is.
bool measure(const core::Image& image, uint8_t* mask, SeenObject& object) {
  int left = image.width, top = image.height, right = 0, bottom = 0;
  double x_sum = 0, y_sum = 0, pixels = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const auto at = size_t(y * image.width + x);
      if (image.pixels[3 * at] < 128) continue;
      mask[at] = 1, pixels += 1, x_sum += x + 0.5, y_sum += y + 0.5;
      left = std::min(left, x), right = std::max(right, x + 1);
      top = std::min(top, y), bottom = std::max(bottom, y + 1);
    }
  object.box = {float(left), float(top), float(right - left), float(bottom - top)};
  object.centre = {float(x_sum / pixels), float(y_sum / pixels)};
  return pixels > 0;
}

}  // namespace

ObjectLabels::ObjectLabels(int width, int height)
    : width_(width), height_(height), canvas_(envs::offscreen()(width, height)) {}

std::vector<SeenObject> ObjectLabels::look(const envs::Envs& envs, int64_t i, uint8_t* mask) const {
  std::fill_n(mask, width_ * height_, uint8_t(0));
  std::vector<SeenObject> seen;
  for (int64_t chosen = 0, objects = 1; chosen < objects; ++chosen) {
    Silhouette silhouette(*canvas_.canvas, chosen);
    envs.draw(i, silhouette);
    objects = silhouette.objects();
    if (objects == 0) break;
    SeenObject object{silhouette.kind(), {}, {}};
    if (measure(canvas_.image(), mask, object)) seen.push_back(std::move(object));
  }
  return seen;
}

}  // namespace commands
