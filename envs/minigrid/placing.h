// What MiniGrid draws while it lays out a level: free cells, colours and things, each from the generator in
// its order.
#pragma once

#include "core/random.h"
#include "envs/minigrid/grid.h"

namespace envs::minigrid {

struct Rect {
  int x, y, width, height;
};

inline Rect whole(const World& world) { return {0, 0, world.grid.width(), world.grid.height()}; }

inline bool is_free(const World& world, Place at) {
  return world.grid.at(at.x, at.y) == empty && !(at.x == world.x && at.y == world.y);
}

// x, then y.
inline Place draw_place(core::Pcg64& random, Rect where) {
  const int x = int(random.integers(where.x, where.x + where.width));
  const int y = int(random.integers(where.y, where.y + where.height));
  return {int8_t(x), int8_t(y)};
}

// Again until the cell is empty, not the agent's, and not refused.
template <class Refused>
Place free_cell(const World& world, core::Pcg64& random, Rect where, Refused refused) {
  for (;;)
    if (const Place at = draw_place(random, where); is_free(world, at) && !refused(at)) return at;
}

template <class Refused>
Place place(World& world, core::Pcg64& random, Cell cell, Rect where, Refused refused) {
  const Place at = free_cell(world, random, where, refused);
  world.grid.set(at.x, at.y, cell);
  return at;
}
inline Place place(World& world, core::Pcg64& random, Cell cell, Rect where) {
  return place(world, random, cell, where, [](Place) { return false; });
}

// Anywhere within, looking anywhere.
inline void place_agent(World& world, core::Pcg64& random, Rect where) {
  world.leave();
  const Place at = free_cell(world, random, where, [](Place) { return false; });
  world.x = at.x;
  world.y = at.y;
  world.direction = uint8_t(random.integers(0, 4));
}

// Outer walls, and the goal in the lower right corner.
inline void room_with_goal(World& world) {
  const auto [x, y, width, height] = whole(world);
  world.grid.walls(x, y, width, height);
  world.grid.set(width - 2, height - 2, goal);
}

// Colours are drawn from their names' alphabetical list.
inline constexpr Colour by_name[] = {Colour::blue,   Colour::green, Colour::grey,
                                     Colour::purple, Colour::red,   Colour::yellow};
inline Colour draw_colour(core::Pcg64& random) { return by_name[random.integers(0, colours)]; }

// Colours of which each is drawn once.
class Palette {
 public:
  Colour draw(core::Pcg64& random) {
    const int64_t at = random.integers(0, left_);
    const Colour colour = colours_[at];
    std::copy(colours_ + at + 1, colours_ + left_, colours_ + at);
    --left_;
    return colour;
  }

 private:
  Colour colours_[6] = {by_name[0], by_name[1], by_name[2], by_name[3], by_name[4], by_name[5]};
  int left_ = 6;
};

// A key, a ball or (most = 3) a box, of any colour.
inline Cell draw_thing(core::Pcg64& random, int most) {
  const Object kind = Object(int(Object::key) + int(random.integers(0, most)));
  return cell(kind, draw_colour(random));
}

// A thing's kind and colour as choices of a mission.
inline uint8_t kind_word(Cell thing) { return uint8_t(int(object(thing)) - int(Object::key)); }
inline uint8_t colour_word(Cell thing) { return uint8_t(colour(thing)); }

}  // namespace envs::minigrid
