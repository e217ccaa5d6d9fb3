#include "envs/box2d/terrain.h"

#include <algorithm>
#include <cmath>

namespace envs {

namespace {

constexpr double step = Terrain::step;

// Walks along the terrain. A stretch of one kind begins with an act of its own, which draws and builds, and
// goes on until its steps are used up.
class Surveyor {
 public:
  Surveyor(bool hardcore, core::Pcg64& random, Terrain& out)
      : hardcore_(hardcore), random_(random), out_(out) {}

  void run() {
    for (size_t k = 0; k < Terrain::length; ++k) {
      begins_ ? begin(double(k) * step) : go_on(k);
      begins_ = false;
      out_.y[k] = y_;
      if (--left_ == 0) next_kind();
    }
  }

 private:
  enum Kind { grass, stump, stairs, pit };

  void begin(double x) {
    before_ = y_;
    if (kind_ == stump) begin_stump(x);
    if (kind_ == stairs) begin_stairs(x);
    if (kind_ == pit) begin_pit(x);
  }

  void begin_stump(double x) {
    left_ = random_.integers(1, 3);
    const double size = double(left_) * step;
    add({x, y_, x + size, y_ + size});
  }

  void begin_stairs(double x) {
    rise_ = random_.random() > 0.5 ? 1 : -1;
    const int64_t flights = random_.integers(3, 5);
    for (int64_t k = 0; k < flights; ++k)
      add({x + double(k * tread) * step, y_ + double(k * rise_ - 1) * step,
           x + double((k + 1) * tread) * step, y_ + double(k * rise_) * step});
    left_ = stair_steps_ = flights * tread;
  }

  void begin_pit(double x) {
    left_ = random_.integers(3, 5);
    const double far = x + step * double(left_);
    for (const double left : {x, far}) add({left, y_ - 4 * step, left + step, y_});
    left_ += 2;
  }

  void go_on(size_t k) {
    if (kind_ == grass) undulate(k);
    if (kind_ == stairs)
      y_ = before_ + double(stair_steps_ - left_ - rise_) / double(tread) * double(rise_) * step;
    if (kind_ == pit) y_ = left_ > 1 ? before_ - 4 * step : before_;
  }

  void undulate(size_t k) {
    const double home = Terrain::level - y_;
    slope_ = 0.8 * slope_ + 0.01 * double((home > 0) - (home < 0));
    if (k > Terrain::start_pad) slope_ += random_.uniform(-1, 1) / 30;
    y_ += slope_;
  }

  void next_kind() {
    left_ = random_.integers(5, 10);
    kind_ = kind_ == grass && hardcore_ ? Kind(random_.integers(stump, pit + 1)) : grass;
    begins_ = true;
  }

  void add(const Terrain::Block& block) { out_.blocks[out_.block_count++] = block; }

  static constexpr int64_t tread = 4;  // steps

  bool hardcore_, begins_ = false;
  core::Pcg64& random_;
  Terrain& out_;
  Kind kind_ = grass;
  double y_ = Terrain::level, slope_ = 0, before_ = 0;  // before_: y where this stretch began
  int64_t left_ = Terrain::start_pad, rise_ = 0, stair_steps_ = 0;
};

Terrain::Cloud draw_cloud(core::Pcg64& random) {
  const double x = random.uniform(0, double(Terrain::length)) * step, y = 10;
  Terrain::Cloud cloud;
  for (size_t k = 0; k < cloud.size(); ++k) {
    const double angle = 3.14 * 2 * double(k) / 5;
    cloud[k].x = x + 15 * step * std::sin(angle) + random.uniform(0, 5 * step);
    cloud[k].y = y + 5 * step * std::cos(angle) + random.uniform(0, 5 * step);
  }
  return cloud;
}

}  // namespace

Terrain draw_terrain(bool hardcore, core::Pcg64& random) {
  Terrain terrain;
  Surveyor(hardcore, random, terrain).run();
  for (auto& cloud : terrain.clouds) cloud = draw_cloud(random);
  return terrain;
}

}  // namespace envs
