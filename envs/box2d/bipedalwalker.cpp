#include "envs/box2d/bipedalwalker.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace envs {

using namespace physics;

namespace {

constexpr double leg_down = -8 / scale, leg_width = 8 / scale, leg_height = 34 / scale;
constexpr double torque = 80, friction = 2.5;
constexpr double speed[] = {4, 6};  // of hips and knees [rad/s]

double strength(float action) { return std::min(std::abs(double(action)), 1.0); }

}  // namespace

Spec BipedalWalker::spec() {
  const float turn = float(std::numbers::pi);
  Space seen = Space::box({-turn, -5, -5, -5, -turn, -5, -turn, -5, 0, -turn, -5, -turn, -5, 0},
                          {turn, 5, 5, 5, turn, 5, turn, 5, 5, turn, 5, turn, 5, 5});
  seen.low.insert(seen.low.end(), Lidar::rays, -1);
  seen.high.insert(seen.high.end(), Lidar::rays, 1);
  return {.observation = Space::box(seen.low, seen.high),
          .action = Space::box({-1, -1, -1, -1}, {1, 1, 1, 1}),
          .fps = physics::fps};
}

BipedalWalker::Start BipedalWalker::draw_start(const Params& params, core::Pcg64& random) {
  Start start{draw_terrain(params.hardcore, random), 0};
  start.force = random.uniform(-5, 5);
  return start;
}

BipedalWalker::BipedalWalker(const Start& start) : terrain_(start.terrain) {
  world_.SetContactListener(&touch_);
  add_ground();
  add_walker(start.force);
  touch_.watch(hull_, {legs_[1], legs_[3]});
  const Action none[4] = {};
  step(none);
}

void BipedalWalker::add_ground() {
  b2Body* ground = physics::add_ground(world_);
  for (size_t k = 0; k < terrain_.block_count; ++k) {
    const Terrain::Block& b = terrain_.blocks[k];
    const std::array<b2Vec2, 4> corners{vec(b.left, b.top), vec(b.right, b.top), vec(b.right, b.bottom),
                                        vec(b.left, b.bottom)};
    b2PolygonShape block;
    block.Set(corners.data(), 4);
    ground_.blocks[ground_.block_count++] = add_to_ground(ground, block, friction);
  }
  b2EdgeShape edge;
  for (size_t k = 0; k < ground_.edges.size(); ++k) {
    const double x = double(k) * Terrain::step, next = double(k + 1) * Terrain::step;
    edge.SetTwoSided(vec(x, terrain_.y[k]), vec(next, terrain_.y[k + 1]));
    ground_.edges[k] = add_to_ground(ground, edge, friction);
  }
}

void BipedalWalker::add_walker(double force) {
  static constexpr core::Vec hull[] = {{-30, 9}, {6, 9}, {34, 1}, {34, -8}, {-30, -8}};
  const double x = Terrain::step * double(Terrain::start_pad) / 2, y = Terrain::level + 2 * leg_height;
  hull_ = add_body(world_, vec(x, y), 0, outline(hull), {5, 0.1});
  hull_->ApplyForceToCenter(vec(force, 0), true);
  for (size_t k = 0; k < 2; ++k) add_leg(k);
}

void BipedalWalker::add_leg(size_t k) {
  const double side = k == 0 ? -1 : 1, x = Terrain::step * double(Terrain::start_pad) / 2,
               y = Terrain::level + 2 * leg_height;
  b2Body*& upper = legs_[2 * k];
  b2Body*& lower = legs_[2 * k + 1];
  upper = add_body(world_, vec(x, y - leg_height / 2 - leg_down), 0.05 * side,
                   box(leg_width / 2, leg_height / 2), {1, 0.2});
  joints_[2 * k] = join(world_, hull_, upper,
                        {.on_a = vec(0, leg_down),
                         .on_b = vec(0, leg_height / 2),
                         .lower = -0.8,
                         .upper = 1.1,
                         .torque = torque,
                         .speed = side},
                        hinge_masses_[2 * k]);
  lower = add_body(world_, vec(x, y - leg_height * 3 / 2 - leg_down), 0.05 * side,
                   box(0.8 * leg_width / 2, leg_height / 2), {1, 0.2});
  joints_[2 * k + 1] = join(world_, upper, lower,
                            {.on_a = vec(0, -leg_height / 2),
                             .on_b = vec(0, leg_height / 2),
                             .lower = -1.6,
                             .upper = -0.1,
                             .torque = torque,
                             .speed = 1},
                            hinge_masses_[2 * k + 1]);
}

void BipedalWalker::pose(const Pose& pose) {
  move(*hull_, pose.hull);
  for (size_t k = 0; k < 4; ++k) swing(*joints_[k], pose.angles[k], pose.speeds[k]);
  touch_.foot = pose.feet;
  shaping_ = shaping();
}

double BipedalWalker::shaping() const {
  return 130 * double(hull_->GetPosition().x) / scale - 5.0 * std::abs(double(hull_->GetAngle()));
}

Outcome BipedalWalker::step(const Action* action) {
  for (size_t k = 0; k < 4; ++k) drive(*joints_[k], double(action[k]), torque, speed[k % 2]);
  hull_->SetAwake(true);  // as Box2D 2.3's SetMotorSpeed does at every call: a walker never falls asleep
  for (b2Body* leg : legs_) leg->SetAwake(true);
  advance(world_);
  const b2Vec2 at = hull_->GetPosition();
  lidar_.cast(ground_, at);

  const double now = shaping();
  double reward = now - shaping_.value_or(now);
  shaping_ = now;
  for (size_t k = 0; k < 4; ++k) reward -= 0.00035 * torque * strength(action[k]);
  const bool lost = touch_.hull || at.x < 0;
  const bool there = double(at.x) > double(Terrain::length - Terrain::finish_pad) * Terrain::step;
  return {lost ? -100.0f : float(reward), lost || there};
}

void BipedalWalker::observe(Item* row) const {
  const b2Vec2 v = hull_->GetLinearVelocity();
  *row++ = hull_->GetAngle();
  *row++ = float(2.0 * double(hull_->GetAngularVelocity()) / fps);
  *row++ = float(0.3 * double(v.x) * width / fps);
  *row++ = float(0.3 * double(v.y) * height / fps);
  for (size_t leg = 0; leg < 2; ++leg) {
    const b2RevoluteJoint &hip = *joints_[2 * leg], &knee = *joints_[2 * leg + 1];
    *row++ = hip.GetJointAngle();
    *row++ = float(double(hip.GetJointSpeed()) / speed[0]);
    *row++ = float(double(knee.GetJointAngle()) + 1.0);
    *row++ = float(double(knee.GetJointSpeed()) / speed[1]);
    *row++ = float(touch_.foot[leg]);
  }
  for (const float fraction : lidar_.fractions()) *row++ = fraction;
}

}  // namespace envs
