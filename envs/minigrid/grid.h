// A room of MiniGrid: what lies on its cells, and the one who walks there. Objects, colours and states are
// numbered as in MiniGrid (Chevalier-Boisvert et al. 2023); x to the right, y down.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace envs::minigrid {

enum class Object : uint8_t { unseen, empty, wall, floor, door, key, ball, box, goal, lava, agent };
enum class Colour : uint8_t { red, green, blue, purple, yellow, grey };
enum class Door : uint8_t { open, closed, locked };
inline constexpr int kinds_of_object = 11, colours = 6, doors = 3;

// One byte, so that eight cells fit into a word. Bits 0-3: the object, 11 a closed and 12 a locked door; 4-6:
// the colour; 7: it blocks sight.
using Cell = uint8_t;

constexpr Cell cell(Object object, Colour colour = Colour::red, Door door = Door::open) {
  const unsigned kind = door == Door::open ? unsigned(object) : 10 + unsigned(door);
  const bool opaque = object == Object::wall || door != Door::open;
  return Cell(kind | unsigned(colour) << 4 | unsigned(opaque) << 7);
}
constexpr Object object(Cell cell) { return (cell & 15) > 10 ? Object::door : Object(cell & 15); }
constexpr Colour colour(Cell cell) { return Colour(cell >> 4 & 7); }
constexpr Door door(Cell cell) { return (cell & 15) > 10 ? Door((cell & 15) - 10) : Door::open; }

constexpr bool is_sound(Cell cell) { return (cell & 15) <= 12 && (cell >> 4 & 7) < colours; }

inline constexpr Cell empty = cell(Object::empty), wall = cell(Object::wall, Colour::grey),
                      goal = cell(Object::goal, Colour::green), lava = cell(Object::lava);

// At most 19 x 19 cells. They are kept twice, as rows and as columns, with walls beside the first and the
// last: whatever lies ahead and to both sides along either axis is then a few reads of eight bytes.
class Grid {
 public:
  static constexpr int most = 19, beside = 3;

  void clear(int width, int height) {
    length_[0] = width;
    length_[1] = height;
    const int rows = (height + 2 * beside) * width, columns = (width + 2 * beside) * height;
    base_[0] = slack + beside * width;
    base_[1] = slack + rows + beside * height;
    std::fill_n(cells_.begin() + slack, rows + columns, wall);
    for (const int axis : {0, 1}) std::fill_n(cells_.begin() + base_[axis], width * height, empty);
  }
  int width() const { return length_[0]; }
  int height() const { return length_[1]; }
  // Cells of a row (axis 0) or a column (axis 1).
  int length(int axis) const { return length_[axis]; }
  // As clear() left it, of cells that can be, with walls around them.
  bool is_sound() const {
    const int w = width(), h = height();
    return w >= 3 && w <= most && h >= 3 && h <= most && base_[0] == slack + beside * w &&
           base_[1] == slack + (h + 2 * beside) * w + beside * h &&
           std::all_of(cells_.begin(), cells_.end(), minigrid::is_sound) && is_walled();
  }
  Cell at(int x, int y) const { return cells_[size_t(base_[0] + y * width() + x)]; }
  void set(int x, int y, Cell cell) {
    cells_[size_t(base_[0] + y * width() + x)] = cell;
    cells_[size_t(base_[1] + x * height() + y)] = cell;
  }
  void row(int y, int from, int to, Cell cell) {  // x = from .. to - 1
    for (int x = from; x < to; ++x) set(x, y, cell);
  }
  void column(int x, int from, int to, Cell cell) {  // y = from .. to - 1
    for (int y = from; y < to; ++y) set(x, y, cell);
  }
  void walls(int left, int top, int width, int height) {  // around a rectangle, inside of it
    row(top, left, left + width, wall);
    row(top + height - 1, left, left + width, wall);
    column(left, top, top + height, wall);
    column(left + width - 1, top, top + height, wall);
  }
  // From cell (0, 0) on, by axis: rows one after another, or columns. Three lines of wall lie before and
  // behind, and eight bytes of any value around them.
  const Cell* lines(int axis) const { return cells_.data() + base_[axis]; }

 private:
  bool is_walled() const {
    bool walled = true;
    for (int x = 0; x < width(); ++x)
      for (int y = 0; y < height(); ++y) {
        const bool inner = x > 0 && x < width() - 1 && y > 0 && y < height() - 1;
        walled &= inner || object(at(x, y)) == Object::wall;
      }
    return walled;
  }

  static constexpr int slack = 8;

  int32_t length_[2] = {0, 0}, base_[2] = {0, 0};
  std::array<Cell, slack + 2 * most*(most + 2 * beside) + slack> cells_{};
};

// A step to the right, down, left, up.
inline constexpr int step_x[] = {1, 0, -1, 0}, step_y[] = {0, 1, 0, -1};

// The grid and the agent in it; walls surround it, so that there is always a cell ahead.
struct World {
  int8_t x = 1, y = 1;
  uint8_t direction = 0;  // 0 right, 1 down, 2 left, 3 up
  Cell carried = empty;
  Grid grid;

  bool is_sound() const {
    return grid.is_sound() && x >= 1 && x < grid.width() - 1 && y >= 1 && y < grid.height() - 1 &&
           direction < 4 && minigrid::is_sound(carried);
  }
  int ahead_x() const { return x + step_x[direction]; }
  int ahead_y() const { return y + step_y[direction]; }
  Cell ahead() const { return grid.at(ahead_x(), ahead_y()); }
};

}  // namespace envs::minigrid
