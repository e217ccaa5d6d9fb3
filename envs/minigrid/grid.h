// A room of MiniGrid: what lies on its cells, and the one who walks there. Objects, colours and states are
// numbered as in MiniGrid (Chevalier-Boisvert et al. 2023); x to the right, y down.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace envs::minigrid {

enum class Object : uint8_t { unseen, empty, wall, floor, door, key, ball, box, goal, lava, agent };
enum class Colour : uint8_t { red, green, blue, purple, yellow, grey };
enum class Door : uint8_t { open, closed, locked };
inline constexpr int kinds_of_object = 11, colours = 6, doors = 3;

// One byte, so that eight cells fit into a word. Bits 0-3: the object, 11 a closed and 12 a locked door, 13 a
// grey box with a key in it; 4-6: the colour, of the key in a box; 7: it blocks sight.
using Cell = uint8_t;

constexpr Cell cell(Object object, Colour colour = Colour::red, Door door = Door::open) {
  const unsigned kind = door == Door::open ? unsigned(object) : 10 + unsigned(door);
  const bool opaque = object == Object::wall || door != Door::open;
  return Cell(kind | unsigned(colour) << 4 | unsigned(opaque) << 7);
}
constexpr Cell box_with_key(Colour key) { return Cell(13 | unsigned(key) << 4); }
constexpr bool has_key(Cell cell) { return (cell & 15) == 13; }

constexpr Object object(Cell cell) {
  const unsigned kind = cell & 15;
  return kind <= 10 ? Object(kind) : kind == 13 ? Object::box : Object::door;
}
constexpr Colour colour(Cell cell) { return has_key(cell) ? Colour::grey : Colour(cell >> 4 & 7); }
constexpr Door door(Cell cell) {
  const unsigned kind = cell & 15;
  return kind == 11 || kind == 12 ? Door(kind - 10) : Door::open;
}

constexpr bool is_sound(Cell cell) { return (cell & 15) <= 13 && (cell >> 4 & 7) < colours; }

inline constexpr Cell empty = cell(Object::empty), wall = cell(Object::wall, Colour::grey),
                      goal = cell(Object::goal, Colour::green), lava = cell(Object::lava);

// What is left of a box that was opened.
constexpr Cell content(Cell box) { return has_key(box) ? cell(Object::key, Colour(box >> 4 & 7)) : empty; }

// At most 25 x 25 cells. They are kept twice, as rows and as columns, with walls beside the first and the
// last: whatever lies ahead and to both sides along either axis is then a few reads of eight bytes.
class Grid {
 public:
  static constexpr int most = 25, beside = 3;

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
  // As clear() left it, of cells that can be.
  bool is_sound() const {
    const int w = width(), h = height();
    return w >= 3 && w <= most && h >= 3 && h <= most && base_[0] == slack + beside * w &&
           base_[1] == slack + (h + 2 * beside) * w + beside * h &&
           std::all_of(cells_.begin(), cells_.end(), minigrid::is_sound);
  }
  // Whether walls surround it, without a door in them.
  bool is_walled() const {
    bool walled = true;
    for (int x = 0; x < width(); ++x)
      for (int y = 0; y < height(); ++y) walled &= is_inner(x, y) || object(at(x, y)) == Object::wall;
    return walled;
  }
  // Whether the cell has neighbours on all sides.
  bool is_inner(int x, int y) const {
    return unsigned(x - 1) < unsigned(width() - 2) && unsigned(y - 1) < unsigned(height() - 2);
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
  static constexpr int slack = 8;

  int32_t length_[2] = {0, 0}, base_[2] = {0, 0};
  std::array<Cell, slack + 2 * most*(most + 2 * beside) + slack + 2> cells_{};
};

// A step to the right, down, left, up.
inline constexpr int step_x[] = {1, 0, -1, 0}, step_y[] = {0, 1, 0, -1};

struct Place {
  int8_t x = 0, y = 0;
  bool operator==(const Place&) const = default;
};

// The grid, the agent in it, and what this episode asks for. The agent stays on inner cells, so that there is
// always a cell ahead.
struct World {
  static constexpr int most_obstacles = 8, most_blanks = 4;

  int8_t x = 1, y = 1;
  uint8_t direction = 0;  // 0 right, 1 down, 2 left, 3 up
  Cell carried = empty;
  Cell wanted = empty;                            // what is to be picked up or moved
  Place target;                                   // where it is to be done
  std::array<uint8_t, most_blanks> said{};        // what the mission says in each of its blanks
  std::array<Place, most_obstacles> obstacles{};  // those that move, in the order in which they do
  uint8_t unused = 0;                             // no padding: a saved world is the same bytes every time
  Grid grid;

  bool is_sound() const {
    return grid.is_sound() && grid.is_inner(x, y) && direction < 4 && minigrid::is_sound(carried) &&
           minigrid::is_sound(wanted);
  }
  int ahead_x() const { return x + step_x[direction]; }
  int ahead_y() const { return y + step_y[direction]; }
  Cell ahead() const { return grid.at(ahead_x(), ahead_y()); }
  void set_ahead(Cell cell) { grid.set(ahead_x(), ahead_y(), cell); }
  void leave() { x = y = -1; }  // nowhere: any empty cell will do for what is placed next
};
static_assert(std::has_unique_object_representations_v<World>);

}  // namespace envs::minigrid
