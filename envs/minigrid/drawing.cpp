// A room of MiniGrid from above: one unit a cell. What the agent sees is lit.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "envs/minigrid/minigrid.h"
#include "envs/minigrid/view.h"
#include "envs/scene.h"

namespace envs {

using namespace minigrid;
using core::Canvas, core::Color, core::Vec;

static constexpr Color stone{112, 120, 132}, joint{134, 142, 154}, ember{214, 84, 44}, flame{250, 178, 74},
    light{255, 214, 92, 80}, glaze{255, 250, 235, 50}, pale{255, 255, 255}, gleam{255, 255, 255, 150};
static constexpr double below = 0.9;  // where the mission is written [cells]
static constexpr Color paints[] = {{200, 62, 60},  {66, 150, 98},  {52, 112, 190},
                                   {132, 84, 168}, {226, 172, 32}, {138, 144, 152}};

namespace {

// A square's own units: (0, 0) its lower left corner, (1, 1) its upper right.
class Tile {
 public:
  Tile(Canvas& canvas, double x, double y, double size = 1) : canvas_(canvas), x_(x), y_(y), size_(size) {}

  void rect(double x, double y, double width, double height, Color color) {
    polygon({{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}, core::filled(color));
  }
  void polygon(std::vector<Vec> points, core::Paint paint) {
    for (Vec& point : points) point = at(point);
    paint.width *= size_;
    canvas_.polygon(points, paint);
  }
  void line(Vec from, Vec to, Color color, double width) {
    canvas_.line(at(from), at(to), color, size_ * width);
  }
  void circle(Vec center, double radius, core::Paint paint) {
    paint.width *= size_;
    canvas_.circle(at(center), size_ * radius, paint);
  }
  Tile part(double x, double y, double size) const {
    return {canvas_, x_ + size_ * x, y_ + size_ * y, size_ * size};
  }

 private:
  Vec at(Vec point) const { return {x_ + size_ * point.x, y_ + size_ * point.y}; }

  Canvas& canvas_;
  double x_, y_, size_;
};

void draw_wall(Tile tile) {
  tile.rect(0, 0, 1, 1, stone);
  for (const double y : {0.02, 0.5}) tile.line({0.02, y}, {0.98, y}, joint, 0.04);
  tile.line({0.02, 0.5}, {0.02, 0.98}, joint, 0.04);
  tile.line({0.5, 0.04}, {0.5, 0.5}, joint, 0.04);
}

void draw_lava(Tile tile) {
  tile.rect(0, 0, 1, 1, ember);
  const int pieces = 12;
  const auto wave = [](double y, double k) {
    return Vec{0.03 + 0.94 * k / pieces, y + 0.05 * std::sin(4 * std::numbers::pi * k / pieces)};
  };
  for (const double y : {0.2, 0.5, 0.8})
    for (int k = 0; k < pieces; ++k) tile.line(wave(y, k), wave(y, k + 1), flame, 0.06);
}

void draw_goal(Tile tile) {
  tile.rect(0.04, 0.04, 0.92, 0.92, scene::goal);
  tile.line({0.36, 0.18}, {0.36, 0.82}, pale, 0.06);
  tile.polygon({{0.36, 0.82}, {0.78, 0.66}, {0.36, 0.5}}, core::filled(pale));
}

void draw_key(Tile tile, Color color) {
  tile.circle({0.5, 0.7}, 0.13, core::outlined(color, 0.08));
  tile.line({0.5, 0.57}, {0.5, 0.16}, color, 0.09);
  for (const double y : {0.2, 0.34}) tile.line({0.5, y}, {0.68, y}, color, 0.08);
}

void draw_ball(Tile tile, Color color) {
  tile.circle({0.5, 0.5}, 0.3, {color, scene::ink, 0.03});
  tile.circle({0.41, 0.6}, 0.07, core::filled(gleam));
}

// A chest, its lid closed.
void draw_box(Tile tile, Color color) {
  tile.polygon({{0.16, 0.16}, {0.84, 0.16}, {0.84, 0.7}, {0.16, 0.7}}, {color, scene::ink, 0.04});
  tile.polygon({{0.1, 0.62}, {0.9, 0.62}, {0.9, 0.82}, {0.1, 0.82}}, {color, scene::ink, 0.04});
  tile.rect(0.43, 0.36, 0.14, 0.2, scene::ink);
}

void draw_thing(Tile tile, Cell thing) {
  const Color color = paints[int(colour(thing))];
  if (object(thing) == Object::key) draw_key(tile, color);
  if (object(thing) == Object::ball) draw_ball(tile, color);
  if (object(thing) == Object::box) draw_box(tile, color);
}

void draw_door(Tile tile, Color color, Door door) {
  if (door != Door::open) tile.rect(0, 0, 1, 1, color);
  if (door == Door::open) tile.rect(0.06, 0.06, 0.16, 0.88, color);
  tile.polygon({{0.04, 0.04}, {0.96, 0.04}, {0.96, 0.96}, {0.04, 0.96}}, core::outlined(scene::ink, 0.08));
  if (door == Door::closed) tile.circle({0.76, 0.5}, 0.07, core::filled(scene::ink));
  if (door != Door::locked) return;
  for (const double y : {0.24, 0.76}) tile.line({0.08, y}, {0.92, y}, scene::ink, 0.05);
  tile.circle({0.5, 0.54}, 0.08, core::filled(scene::ink));
  tile.line({0.5, 0.54}, {0.5, 0.38}, scene::ink, 0.07);
}

void draw_cell(Tile tile, Cell cell) {
  if (object(cell) == Object::wall) draw_wall(tile);
  if (object(cell) == Object::lava) draw_lava(tile);
  if (object(cell) == Object::goal) draw_goal(tile);
  if (object(cell) == Object::door) draw_door(tile, paints[int(colour(cell))], door(cell));
  draw_thing(tile, cell);
}

void draw_agent(Tile tile, int direction, Cell carried) {
  const double dx = step_x[direction], dy = -step_y[direction];
  const auto corner = [&](double ahead, double left) {
    return Vec{0.5 + ahead * dx - left * dy, 0.5 + ahead * dy + left * dx};
  };
  tile.polygon({corner(0.38, 0), corner(-0.3, 0.32), corner(-0.16, 0), corner(-0.3, -0.32)},
               {scene::body, scene::ink, 0.03});
  if (carried == empty) return;
  tile.circle({0.76, 0.76}, 0.22, {scene::paper, scene::ink, 0.03});
  draw_thing(tile.part(0.55, 0.56, 0.42), carried);
}

}  // namespace

// Lights the cells of the room that the view shows.
static void draw_light(const World& world, bool through_walls, Color color, Canvas& canvas) {
  const minigrid::View seen = look(world, through_walls);
  const int ahead = world.direction, right = (world.direction + 1) & 3;
  for (int k = 0; k < sight * sight; ++k) {
    const int f = sight - 1 - k % sight, r = k / sight - sight / 2;
    const int x = world.x + f * step_x[ahead] + r * step_x[right],
              y = world.y + f * step_y[ahead] + r * step_y[right];
    const bool inside = x >= 0 && x < world.grid.width() && y >= 0 && y < world.grid.height();
    if (inside && at(seen, k / sight, k % sight))
      Tile(canvas, x, world.grid.height() - 1 - y).rect(0, 0, 1, 1, color);
  }
}

// Below the grid, as large as it fits.
static void draw_mission(const std::string& text, double width, Canvas& canvas) {
  const double height = std::min(0.4, 1.3 * width / double(text.size()));
  canvas.text({width / 2, (below - height) / 2 - below}, text, height, scene::ink, core::Align::center);
}

void MiniGrid::draw(Canvas& canvas) const {
  const Grid& grid = world_.grid;
  const int width = grid.width(), height = grid.height();
  const Mission& mission = level_->mission;
  const double foot = mission.varies() ? below : 0;
  canvas.view({0, -foot, double(width), height + foot}, scene::paper);
  for (int x = 1; x < width; ++x) canvas.line({double(x), 0}, {double(x), double(height)}, scene::grid, 0.03);
  for (int y = 1; y < height; ++y) canvas.line({0, double(y)}, {double(width), double(y)}, scene::grid, 0.03);
  draw_light(world_, level_->see_through_walls, light,
             canvas);  // on the floor, and a little on what stands there
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) draw_cell(Tile(canvas, x, height - 1 - y), grid.at(x, y));
  draw_light(world_, level_->see_through_walls, glaze, canvas);
  draw_agent(Tile(canvas, world_.x, height - 1 - world_.y), world_.direction, world_.carried);
  if (mission.varies()) draw_mission(mission.text(world_.said), width, canvas);
}

}  // namespace envs
