#include "envs/minigrid/minigrid.h"

#include "envs/minigrid/view.h"

namespace envs {

using namespace minigrid;

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

// One choice where every episode has the same mission, else its words.
static Space mission_space(const Mission& mission) {
  if (!mission.varies()) return Space::choice({mission.text({})}, Dtype::uint8);
  const auto words = int64_t(vocabulary().size());
  return Space::multi_discrete(std::vector<int64_t>(size_t(mission.length()), words), Dtype::uint8);
}

// Gymnasium's Dict.
static Space dict(const Level& level) {
  return Space::dict({{"image", cells({sight, sight, 3}, kinds_of_object - 1)},
                      {"direction", Space::choice({"right", "down", "left", "up"}, Dtype::uint8)},
                      {"mission", mission_space(level.mission)}});
}

// Who dodges needs no hands.
static Space moves(const Level& level) {
  if (level.task == Task::dodge) return Space::choice({"left", "right", "forward"});
  return Space::choice({"left", "right", "forward", "pickup", "drop", "toggle", "done"});
}

Spec MiniGrid::spec() const {
  Spec spec{.action = moves(*level_), .fps = 10};
  if (view_ == View::dict) spec.observation = dict(*level_);
  if (view_ == View::flat) spec.observation = cells({image_size}, kinds_of_object - 1);
  if (view_ == View::one_hot) spec.observation = cells({sight, sight, kinds}, 1);
  if (view_ == View::full) spec.observation = cells({level_->width, level_->height, 3}, kinds_of_object - 1);
  return spec;
}

void MiniGrid::reset(core::Pcg64& random) {
  build(*level_, random, world_);
  put_into_words();
  steps_ = 0;
}

void MiniGrid::put_into_words() {
  if (level_->mission.varies()) level_->mission.write(world_.said, words_);
}

Outcome MiniGrid::step(const int64_t* action, core::Pcg64& random) {
  ++steps_;
  if (level_->task == Task::reach) return outcome(move(world_, *action));
  return outcome(pursue(*level_, world_, *action, random));
}

Outcome MiniGrid::outcome(Verdict verdict) const {
  switch (verdict) {
    case Verdict::goes_on:
      return {0, 0};
    case Verdict::won:
      return {float(1 - 0.9 * (double(steps_) / double(level_->limit))), 1};
    case Verdict::hit:
      return {-1, 1};
    default:
      return {0, 1};
  }
}

void MiniGrid::observe(uint8_t* row) const {
  if (view_ == View::full) return encode_all(world_, row);
  const minigrid::View seen = look(world_, level_->see_through_walls);
  if (view_ == View::one_hot) return encode_one_hot(seen, row);
  encode(seen, row);
  if (view_ != View::dict) return;
  row[image_size] = world_.direction;
  if (level_->mission.varies())
    std::copy_n(words_, level_->mission.length(), row + image_size + 1);
  else
    row[image_size + 1] = 0;
}

// Whether the world can be one of this level's.
bool MiniGrid::is_possible() const {
  const auto is_inner = [&](Place at) { return world_.grid.is_inner(at.x, at.y); };
  const int balls = level_->task == Task::dodge ? level_->things : 0;
  return (!level_->walled || world_.grid.is_walled()) && level_->mission.is_sound(world_.said) &&
         world_.target.x >= 0 && world_.target.x < level_->width && world_.target.y >= 0 &&
         world_.target.y < level_->height &&
         std::all_of(world_.obstacles.begin(), world_.obstacles.begin() + balls, is_inner);
}

void MiniGrid::state(core::Archive& archive, const std::string& name) {
  archive(name + "world", world_);
  archive(name + "steps", steps_);
  if (!archive.loading()) return;
  core::check(world_.grid.width() == level_->width && world_.grid.height() == level_->height,
              "saved state '{}world' is of {} x {} cells, expected {} x {}", name, world_.grid.width(),
              world_.grid.height(), level_->width, level_->height);
  core::check(is_possible(), "saved state '{}world' holds what cannot be", name);
  put_into_words();
}

}  // namespace envs
