// Maps of cells: where steps lead, and what the drawings of such worlds share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/canvas.h"
#include "envs/transitions.h"

namespace envs {

using GridMap = std::vector<std::string>;  // rows of equal length, one letter a cell

// Cells are numbered row by row, from the upper left corner.
struct Grid {
  int64_t rows, columns;

  explicit Grid(const GridMap& map) : rows(int64_t(map.size())), columns(int64_t(map[0].size())) {}
  constexpr Grid(int64_t r, int64_t c) : rows(r), columns(c) {}
  int64_t cells() const { return rows * columns; }
  // Counter-clockwise: 0 left, 1 down, 2 right, 3 up. The border holds.
  int64_t neighbour(int64_t cell, int64_t heading) const;
  // The lower left corner of a cell's unit square; y is up, row 0 on top.
  core::Vec corner(int64_t cell) const;
};

inline char letter(const GridMap& map, int64_t cell) {
  return map[size_t(cell) / map[0].size()][size_t(cell) % map[0].size()];
}

// Errors name `key`, row and column. `letters` may occur; `meaning` says what they are.
void check_map(const GridMap& map, const std::string& key, std::string_view letters,
               const std::string& meaning);

// The table of a walk with four actions: it begins on any S cell alike, on cells of the letters `still`
// nothing happens any more, and from every other one an action has these outcomes.
Transitions walk(const GridMap& map, std::string_view still,
                 const std::function<std::vector<Transition>(int64_t cell, int64_t action)>& outcomes);

namespace scene {

// A unit square, smaller by `inset` on every side.
void tile(core::Canvas& canvas, core::Vec corner, double inset, core::Color color);
// A flag planted in a unit square.
void flag(core::Canvas& canvas, core::Vec corner);
// A round one with two eyes, in the middle of a unit square.
void walker(core::Canvas& canvas, core::Vec corner);

}  // namespace scene

}  // namespace envs
