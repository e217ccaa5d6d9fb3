// What MiniGrid's agent sees: the 7 x 7 cells ahead of it, itself in the middle of the near row, without what
// walls and closed doors hide; and the encodings of it. Rows of the view are bits or bytes of one word.
#pragma once

#include <bit>

#include "envs/minigrid/grid.h"

namespace envs::minigrid {

static_assert(std::endian::native == std::endian::little, "cells in a word are read from its low byte on");

inline constexpr int sight = 7;                                  // cells ahead and across
inline constexpr int kinds = kinds_of_object + colours + doors;  // of a cell, one-hot
inline constexpr uint64_t every_byte = 0x0101010101010101;       // times a byte: that byte eight times
inline constexpr uint64_t one_line = 0x00ffffffffffffff;         // the bytes of one line of the view

// Column x from left to right; byte y from the far row 0 to the agent's row 6. Cells out of sight are 0.
using View = std::array<uint64_t, sight>;

// The cells ahead, turned so that the agent looks up; outside of the grid stand walls. Without branches:
// where the agent stands and looks is anybody's guess.
inline View turned(const World& world) {
  static constexpr int to_the_right[] = {1, -1, -1, 1};  // the next line, by direction
  const int axis = world.direction & 1, place[] = {world.x, world.y}, along = place[axis];
  const bool rising = world.direction < 2;
  const int length = world.grid.length(axis), stride = to_the_right[world.direction] * length;
  const int ahead = rising ? length - along : along + 1;  // cells of the line, its own among them
  const uint64_t inside = ~uint64_t(0) << 8 * std::max(sight - ahead, 0),
                 outside = every_byte * wall & ~inside;
  const uint64_t turn = rising ? ~uint64_t(0) : 0;
  const Cell* cells = world.grid.lines(axis) + place[1 - axis] * length - sight / 2 * stride +
                      (rising ? along : along - (sight - 1));
  View view;
  for (int k = 0; k < sight; ++k) {
    uint64_t line;
    std::memcpy(&line, cells + k * stride, sizeof(line));
    const uint64_t reversed = __builtin_bswap64(line) >> 8;
    line ^= (line ^ reversed) & turn;
    view[size_t(k)] = ((line & inside) | outside) & one_line;
  }
  return view;
}

// The runs of `clear` cells (bits) that hold one of `seeds`, a part of `clear`. The carry of an addition runs
// up through ones; downwards the reach doubles three times.
inline unsigned flood(unsigned seeds, unsigned clear) {
  unsigned run = (((clear + seeds) ^ clear) | seeds) & clear;
  run |= clear & run >> 1;
  unsigned through = clear & clear >> 1;
  run |= through & run >> 2;
  through &= through >> 2;
  return run | (through & run >> 4);
}

// MiniGrid's two passes over each row, from the agent's to the far one: what is seen and does not block sight
// shows its neighbours in the row and the three cells beyond. Left to right and back again, that is the whole
// run of clear cells, and one more at each end, in this row and in the next.
inline void hide(View& view) {
  uint64_t clear = 0, seen = 0;  // byte y, bit x
  for (int x = 0; x < sight; ++x) clear |= (~view[size_t(x)] >> 7 & every_byte) << x;
  unsigned now = 1 << sight / 2;
  for (int y = sight - 1; y >= 0; --y) {
    const unsigned open = clear >> 8 * y & 0x7f, lit = flood(now & open, open);
    const unsigned beyond = (lit | lit << 1 | lit >> 1) & 0x7f;
    seen |= uint64_t(now | beyond) << 8 * y;
    now = beyond;
  }
  for (int x = 0; x < sight; ++x) view[size_t(x)] &= (seen >> x & every_byte) * 0xff;
}

// The agent's own cell shows what it carries.
inline View look(const World& world, bool through_walls) {
  View view = turned(world);
  if (!through_walls) hide(view);
  constexpr int own = 8 * (sight - 1);
  view[sight / 2] = (view[sight / 2] & ~(uint64_t(0xff) << own)) | uint64_t(world.carried) << own;
  return view;
}

inline Cell at(const View& view, int x, int y) { return Cell(view[size_t(x)] >> 8 * y); }

// Object, colour and state of every cell, as the bytes 0, 1, 2 of a word.
constexpr std::array<uint32_t, 256> triples() {
  std::array<uint32_t, 256> words{};
  for (unsigned c = 0; c < 256; ++c)
    words[c] = unsigned(object(Cell(c))) | unsigned(colour(Cell(c))) << 8 | unsigned(door(Cell(c))) << 16;
  return words;
}
inline constexpr std::array<uint32_t, 256> triple = triples();

// The triples of a column's first `count` cells. Words are written whole, each one's last byte overwritten by
// the next.
template <int count>
inline void encode_column(uint64_t column, uint8_t* image) {
  for (int y = 0; y < count; ++y) std::memcpy(image + 3 * y, &triple[uint8_t(column >> 8 * y)], 4);
}

// [7, 7, 3], column by column; of the last cell three bytes alone, for what follows them is not ours.
inline void encode(const View& view, uint8_t* image) {
  constexpr int last = sight - 1;
  for (int x = 0; x < last; ++x) encode_column<sight>(view[size_t(x)], image + 3 * sight * x);
  image += 3 * sight * last;
  encode_column<last>(view[last], image);
  std::memcpy(image + 3 * last, &triple[uint8_t(view[last] >> 8 * last)], 3);
}

// [7, 7, 20]: eleven objects, six colours, three states.
inline void encode_one_hot(const View& view, uint8_t* image) {
  std::memset(image, 0, sight * sight * kinds);
  for (const uint64_t column : view)
    for (int y = 0; y < sight; ++y, image += kinds) {
      const Cell c = Cell(column >> 8 * y);
      image[int(object(c))] = image[kinds_of_object + int(colour(c))] =
          image[kinds_of_object + colours + int(door(c))] = 1;
    }
}

// [W, H, 3]: the whole grid, column by column; the agent is an object whose state is its direction.
inline void encode_all(const World& world, uint8_t* image) {
  const int size = world.grid.width() * world.grid.height();
  for (int k = 0; k < size; ++k) std::memcpy(image + 3 * k, &triple[world.grid.lines(1)[k]], 3);
  uint8_t* own = image + 3 * (world.x * world.grid.height() + world.y);
  own[0] = uint8_t(Object::agent);
  own[1] = uint8_t(Colour::red);
  own[2] = world.direction;
}

}  // namespace envs::minigrid
