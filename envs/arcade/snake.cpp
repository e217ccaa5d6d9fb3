#include "envs/arcade/snake.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <utility>

#include "envs/scene.h"

namespace envs::arcade {

namespace {

using Bits = std::array<uint32_t, side>;  // bit k of a row for column k

constexpr int32_t across[] = {-1, 0, 1, 0}, down[] = {0, 1, 0, -1};  // left, down, right, up

// -1 beyond the field.
int32_t next_cell(int32_t cell, int32_t heading) {
  const int32_t row = cell / side + down[heading], column = cell % side + across[heading];
  return is_inside(row) && is_inside(column) ? row * side + column : -1;
}

bool has(const Bits& bits, int32_t cell) { return bits[size_t(cell / side)] >> (cell % side) & 1; }

void put(Bits& bits, int32_t cell) { bits[size_t(cell / side)] |= 1U << (cell % side); }

// A piece of wall, with all the cells around it.
struct Piece {
  int32_t row, column, rows, columns;

  bool fits(const Bits& walls) const {
    for (int32_t r = row - 1; r <= row + rows; ++r)
      for (int32_t c = column - 1; c <= column + columns; ++c)
        if (has(walls, r * side + c)) return false;
    return true;
  }
  void build(Bits& walls) const {
    for (int32_t k = 0; k < rows * columns; ++k)
      put(walls, (row + k / columns) * side + column + k % columns);
  }
};

// Upright or level, 2 to 4 cells, in the upper or the lower five rows but for those at the frame: the two
// rows between, where snakes begin, stay free.
Piece piece_of(core::Pcg64& chance) {
  const int32_t length = draw_of(chance, 2, 4);
  const bool upright = draw_of(chance, 0, 1) == 1, lower = draw_of(chance, 0, 1) == 1;
  const int32_t rows = upright ? length : 1, columns = upright ? 1 : length;
  const int32_t row = draw_of(chance, 1, 5 - rows) + (lower ? 6 : 0);
  return {row, draw_of(chance, 1, side - 1 - columns), rows, columns};
}

}  // namespace

// A piece that would touch another one is left out, so that every free cell can be reached.
void Snake::build(core::Pcg64& chance) {
  for (int32_t k = draw_of(chance, 0, most_walls); k > 0; --k)
    if (const Piece piece = piece_of(chance); piece.fits(walls)) piece.build(walls);
}

void Snake::begin(core::Pcg64& chance) {
  *this = {};
  build(chance);
  heading = 2 * draw_of(chance, 0, 1);
  const int32_t row = draw_of(chance, 5, 6), middle = heading == 2 ? 4 : 7;
  length = start_length;
  for (int32_t k = 0; k < length; ++k)
    body[size_t(k)] = uint8_t(row * side + middle + (k - 1) * across[heading]);
  feed(chance);
}

// Cells of walls and of the snake's parts from this one on.
Bits Snake::taken(int32_t from) const {
  Bits bits = walls;
  for (int32_t k = from; k < length; ++k) put(bits, part(k));
  return bits;
}

// On a free cell; where there is none the game is over.
void Snake::feed(core::Pcg64& chance) {
  const Bits bits = taken(0);
  int32_t free = cells;
  for (const uint32_t row : bits) free -= std::popcount(row);
  over = free == 0;
  if (over) return;
  int32_t skipped = draw_of(chance, 0, free - 1);
  for (food = 0; has(bits, food) || skipped-- > 0;) ++food;
}

void Snake::advance(int32_t cell) {
  body[size_t((tail + length) % cells)] = uint8_t(cell);
  ++length;
}

Outcome Snake::step(int64_t action, core::Pcg64& chance) {
  if (over) return {0, 1};
  if ((action + 2) % 4 != heading) heading = int32_t(action);  // it cannot turn round on the spot
  const int32_t cell = next_cell(head(), heading);
  const bool eats = cell == food;
  over = cell < 0 || has(taken(eats ? 0 : 1), cell);  // the tail makes room
  if (over) return {-1, 1};
  advance(cell);
  if (eats) {
    feed(chance);
  } else {
    tail = (tail + 1) % cells;
    --length;
  }
  return {eats ? 1.0f : 0.0f, over};
}

void Snake::observe(FeaturePlanes seen) const {
  seen.set(head() / side, head() % side, 0);
  for (int32_t k = 0; k + 1 < length; ++k) seen.set(part(k) / side, part(k) % side, 1);
  seen.set(part(0) / side, part(0) % side, 2);
  seen.set(food / side, food % side, 3);
  for (int32_t row = 0; row < side; ++row) seen.set_bits(row, walls[size_t(row)], 4);
}

// Two cells of the body, one beside the other.
static void draw_link(core::Canvas& canvas, int32_t one, int32_t other) {
  const std::pair<int32_t, int32_t> rows = std::minmax({one / side, other / side}),
                                    columns = std::minmax({one % side, other % side});
  draw_cells(canvas, rows.first, columns.first, 1 + rows.second - rows.first,
             1 + columns.second - columns.first, scene::body, 0.15);
}

void Snake::draw(core::Canvas& canvas) const {
  draw_field(canvas);
  for (int32_t cell = 0; cell < cells; ++cell)
    if (is_wall(cell)) draw_cells(canvas, cell / side, cell % side, 1, 1, scene::steel);
  canvas.object("food");
  draw_ball(canvas, food / side, food % side, scene::goal);
  canvas.object("snake");
  for (int32_t k = 0; k + 1 < length; ++k) draw_link(canvas, part(k), part(k + 1));
  const double x = head() % side + 0.5, y = side - head() / side - 0.5;
  canvas.circle({x + 0.1 * across[heading], y - 0.1 * down[heading]}, 0.18, core::filled(scene::ink));
  canvas.object("");
}

bool Snake::is_sound() const {
  const bool inside = std::ranges::all_of(body, [](uint8_t cell) { return cell < cells; });
  return inside && std::ranges::all_of(walls, [](uint32_t row) { return row < 1U << side; }) && tail >= 0 &&
         tail < cells && length >= start_length && length <= cells && heading >= 0 && heading < 4 &&
         food >= 0 && food < cells && (over == 0 || over == 1) && (over == 1 || length < cells);
}

namespace {

bool is_free(const Seen& seen, int32_t cell) {
  return cell >= 0 && !seen.at(cell / side, cell % side, 4) &&
         (!seen.at(cell / side, cell % side, 1) || seen.at(cell / side, cell % side, 2));
}

// Small is good: how far the food is from there, and far beyond all where a step is the last one.
int32_t badness(const Seen& seen, int32_t cell, int32_t food) {
  if (!is_free(seen, cell)) return 1000;
  int32_t ways = 0;
  for (int32_t heading = 0; heading < 4; ++heading) ways += is_free(seen, next_cell(cell, heading));
  return std::abs(cell / side - food / side) + std::abs(cell % side - food % side) + (ways == 0 ? 100 : 0);
}

}  // namespace

// To the food by the shortest way, unless the next cell is taken or has no way out.
Controller snake_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const Seen seen(obs, Snake::channels);
    const int32_t head = seen.find(0), food = seen.find(3);
    std::array<int32_t, 4> bad{};
    for (int32_t k = 0; k < 4; ++k) bad[size_t(k)] = badness(seen, next_cell(head, k), food);
    *out.discrete = std::ranges::min_element(bad) - bad.begin();
  };
}

}  // namespace envs::arcade
