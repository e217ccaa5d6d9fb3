#include "envs/minigrid/minigrid.h"

#include "envs/minigrid/view.h"

namespace envs {

using namespace minigrid;

enum Move : int64_t { turn_left, turn_right, go_forward, pick_up_key, drop_key, toggle_door, done };

static constexpr int image_size = sight * sight * 3;

MiniGrid::MiniGrid(const Params& params) : level_(params.level) {
  view_ = params.view == "dict"      ? View::dict
          : params.view == "flat"    ? View::flat
          : params.view == "one_hot" ? View::one_hot
                                     : View::full;
}

static Space cells(std::vector<int64_t> shape, int highest) {
  return Space::array(std::move(shape), 0, float(highest), Dtype::uint8);
}

// Gymnasium's Dict; the mission is a choice among the level's, of which there is one.
static Space dict(const Level& level) {
  return Space::dict({{"image", cells({sight, sight, 3}, kinds_of_object - 1)},
                      {"direction", Space::choice({"right", "down", "left", "up"}, Dtype::uint8)},
                      {"mission", Space::choice({level.mission}, Dtype::uint8)}});
}

Spec MiniGrid::spec() const {
  Spec spec{.action = Space::choice({"left", "right", "forward", "pickup", "drop", "toggle", "done"}),
            .fps = 10};
  if (view_ == View::dict) spec.observation = dict(*level_);
  if (view_ == View::flat) spec.observation = cells({image_size}, kinds_of_object - 1);
  if (view_ == View::one_hot) spec.observation = cells({sight, sight, kinds}, 1);
  if (view_ == View::full) spec.observation = cells({level_->width, level_->height, 3}, kinds_of_object - 1);
  return spec;
}

void MiniGrid::reset(core::Pcg64& random) {
  build(*level_, random, world_);
  steps_ = 0;
}

Outcome MiniGrid::step(const int64_t* action, core::Pcg64&) {
  ++steps_;
  switch (*action) {
    case turn_left:
      world_.direction = uint8_t((world_.direction + 3) & 3);
      break;
    case turn_right:
      world_.direction = uint8_t((world_.direction + 1) & 3);
      break;
    case go_forward:
      return enter();
    case pick_up_key:
      pick_up();
      break;
    case drop_key:
      drop();
      break;
    case toggle_door:
      return toggle();
    default:
      break;
  }
  return {0, 0};
}

Outcome MiniGrid::enter() {
  const Cell ahead = world_.ahead();
  const Object what = object(ahead);
  const bool free = what == Object::empty || what == Object::goal || what == Object::lava ||
                    (what == Object::door && door(ahead) == Door::open);
  if (!free) return {0, 0};
  world_.x = int8_t(world_.ahead_x());
  world_.y = int8_t(world_.ahead_y());
  return {what == Object::goal ? success() : 0, what == Object::goal || what == Object::lava};
}

void MiniGrid::pick_up() {
  const Cell ahead = world_.ahead();
  if (object(ahead) != Object::key || world_.carried != empty) return;
  world_.carried = ahead;
  world_.grid.set(world_.ahead_x(), world_.ahead_y(), empty);
}

void MiniGrid::drop() {
  if (world_.ahead() != empty || world_.carried == empty) return;
  world_.grid.set(world_.ahead_x(), world_.ahead_y(), world_.carried);
  world_.carried = empty;
}

// A locked door opens to a key of its colour; any other opens and closes.
Outcome MiniGrid::toggle() {
  const Cell ahead = world_.ahead();
  if (object(ahead) != Object::door) return {0, 0};
  const bool fits = world_.carried == cell(Object::key, colour(ahead));
  if (door(ahead) == Door::locked && !fits) return {0, 0};
  const bool opened = door(ahead) != Door::open;
  world_.grid.set(world_.ahead_x(), world_.ahead_y(),
                  cell(Object::door, colour(ahead), opened ? Door::open : Door::closed));
  const bool solved = level_->opens_door && opened;
  return {solved ? success() : 0, solved};
}

float MiniGrid::success() const { return float(1 - 0.9 * (double(steps_) / double(level_->limit))); }

void MiniGrid::observe(uint8_t* row) const {
  if (view_ == View::full) return encode_all(world_, row);
  const minigrid::View seen = look(world_, level_->see_through_walls);
  if (view_ == View::one_hot) return encode_one_hot(seen, row);
  encode(seen, row);
  if (view_ == View::dict) {
    row[image_size] = world_.direction;
    row[image_size + 1] = 0;
  }
}

void MiniGrid::state(core::Archive& archive, const std::string& name) {
  const int width = world_.grid.width(), height = world_.grid.height();
  archive(name + "world", world_);
  core::check(width == 0 || (width == world_.grid.width() && height == world_.grid.height()),
              "saved state '{}world' is of {} x {} cells, expected {} x {}", name, world_.grid.width(),
              world_.grid.height(), width, height);
  archive(name + "steps", steps_);
}

}  // namespace envs
