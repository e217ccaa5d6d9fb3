#include "envs/minigrid/rules.h"

#include <cstdlib>

#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

constexpr bool is_a(Cell cell, Object what) { return object(cell) == what; }
constexpr bool is_thing(Cell cell) { return object(cell) >= Object::key && object(cell) <= Object::box; }

constexpr bool can_be_entered(Cell cell) {
  constexpr unsigned which = 1u << int(Object::empty) | 1u << int(Object::floor) | 1u << int(Object::door) |
                             1u << int(Object::goal) | 1u << int(Object::lava);
  return which >> (cell & 15) & 1;  // a door that is not open has another number
}

Verdict enter(World& world) {
  const Cell ahead = world.ahead();
  const int x = world.ahead_x(), y = world.ahead_y();
  if (!can_be_entered(ahead) || !world.grid.is_inner(x, y)) return Verdict::goes_on;
  world.x = int8_t(x);
  world.y = int8_t(y);
  return ahead == goal ? Verdict::won : ahead == lava ? Verdict::lost : Verdict::goes_on;
}

void take(World& world) {
  const Cell ahead = world.ahead();
  if (!is_thing(ahead) || world.carried != empty) return;
  world.carried = ahead;
  world.set_ahead(empty);
}

void lay_down(World& world) {
  if (world.ahead() != empty || world.carried == empty) return;
  world.set_ahead(world.carried);
  world.carried = empty;
}

// A locked door opens to a key of its colour; any other opens and closes. A box leaves what was in it.
void open(World& world) {
  const Cell ahead = world.ahead();
  if (is_a(ahead, Object::box)) world.set_ahead(content(ahead));
  if (!is_a(ahead, Object::door)) return;
  const bool fits = world.carried == cell(Object::key, colour(ahead));
  if (door(ahead) == Door::locked && !fits) return;
  const Door next = door(ahead) == Door::open ? Door::closed : Door::open;
  world.set_ahead(cell(Object::door, colour(ahead), next));
}

}  // namespace

Verdict move(World& world, int64_t action) {
  switch (action) {
    case turn_left:
      world.direction = uint8_t((world.direction + 3) & 3);
      break;
    case turn_right:
      world.direction = uint8_t((world.direction + 1) & 3);
      break;
    case go_forward:
      return enter(world);
    case pick_up:
      take(world);
      break;
    case put_down:
      lay_down(world);
      break;
    case toggle:
      open(world);
      break;
    default:
      break;
  }
  return Verdict::goes_on;
}

namespace {

constexpr Verdict judged(bool won) { return won ? Verdict::won : Verdict::lost; }

bool is_open_door(Cell cell) { return is_a(cell, Object::door) && door(cell) == Door::open; }

Verdict fetched(const World& world) {
  return world.carried == empty ? Verdict::goes_on : judged(world.carried == world.wanted);
}

Verdict went_beside(const World& world, int64_t action) {
  if (action == toggle) return Verdict::lost;
  const int across = std::abs(world.x - world.target.x), down = std::abs(world.y - world.target.y);
  return action == done ? judged(across + down == 1) : Verdict::goes_on;
}

// `before`: what was carried then.
Verdict put_near(const World& world, int64_t action, Cell before) {
  if (action == pick_up && world.carried != empty && world.carried != world.wanted) return Verdict::lost;
  if (action != put_down || before == empty) return Verdict::goes_on;
  const bool is_near =
      std::abs(world.ahead_x() - world.target.x) <= 1 && std::abs(world.ahead_y() - world.target.y) <= 1;
  return judged(world.carried == empty && is_near);
}

Verdict matched(const World& world) {
  const Place at{world.x, world.y}, other{world.target.x, int8_t(world.grid.height() - 1 - world.target.y)};
  return at == world.target ? Verdict::won : at == other ? Verdict::lost : Verdict::goes_on;
}

Verdict opened_blue(const World& world) {
  const bool blue = is_open_door(world.ahead()) && colour(world.ahead()) == Colour::blue;
  return blue ? judged(is_open_door(world.grid.at(world.target.x, world.target.y))) : Verdict::goes_on;
}

// One after another, each to a free cell beside it; one that finds none in 101 tries stays.
void roll(World& world, int balls, core::Pcg64& random) {
  for (int k = 0; k < balls; ++k) {
    Place& ball = world.obstacles[size_t(k)];
    const Rect around{ball.x - 1, ball.y - 1, 3, 3};
    for (int tries = 0; tries < 101; ++tries) {
      const Place to = draw_place(random, around);
      if (!is_free(world, to)) continue;
      world.grid.set(to.x, to.y, rolling_ball);
      world.grid.set(ball.x, ball.y, empty);
      ball = to;
      break;
    }
  }
}

// What was in the way before the balls rolled is walked into, even if it has rolled away.
Verdict dodge(World& world, int balls, int64_t action, core::Pcg64& random) {
  const bool blocked = world.ahead() != empty && world.ahead() != goal;
  roll(world, balls, random);
  const Verdict verdict = move(world, action);
  return action == go_forward && blocked ? Verdict::hit : verdict;
}

}  // namespace

Verdict pursue(const Level& level, World& world, int64_t action, core::Pcg64& random) {
  if (level.task == Task::dodge) return dodge(world, level.things, action, random);
  if (level.task == Task::match && action == pick_up) action = toggle;
  const Cell before = world.carried;
  const Verdict verdict = move(world, action);
  switch (level.task) {
    case Task::open_door:
      return action == toggle && is_open_door(world.ahead()) ? Verdict::won : verdict;
    case Task::pick_up:
      return action == pick_up && world.carried == world.wanted ? Verdict::won : verdict;
    case Task::fetch:
      return fetched(world);
    case Task::go_beside:
      return went_beside(world, action);
    case Task::put_near:
      return put_near(world, action, before);
    case Task::match:
      return matched(world);
    case Task::red_then_blue:
      return action == toggle ? opened_blue(world) : verdict;
    default:
      return verdict;
  }
}

}  // namespace envs::minigrid
