#include "envs/box2d/race.h"

#include <cmath>

namespace envs {

using namespace physics;

Race::Race(core::Pcg64& random)
    : track_(draw_track(random)),
      road_(add_ground(world_)),
      car_(world_, {track_.points[0].x, track_.points[0].y}, track_.points[0].beta) {
  add_road();
  world_.SetContactListener(this);
}

// A fixture for each tile, which knows its number and stops nobody.
void Race::add_road() {
  for (size_t k = 0; k < track_.count; ++k) {
    const Track::Quad quad = track_.tile(k);
    std::array<b2Vec2, 4> corners;
    for (size_t c = 0; c < 4; ++c) corners[c] = vec(quad[c].x, quad[c].y);
    b2PolygonShape shape;
    shape.Set(corners.data(), 4);
    b2FixtureDef tile;
    tile.shape = &shape;
    tile.isSensor = true;
    tile.userData.pointer = k;
    road_->CreateFixture(&tile);
  }
}

void Race::step(const Car::Pedals& pedals) {
  car_.step(pedals);
  advance(world_);
}

core::Vec Race::at() const {
  const b2Vec2 at = car_.hull().GetPosition();
  return {double(at.x), double(at.y)};
}

double Race::speed() const {
  const b2Vec2 v = car_.hull().GetLinearVelocity();
  return std::sqrt(double(v.x) * double(v.x) + double(v.y) * double(v.y));
}

namespace {

struct Touch {
  size_t tile;
  const b2Body* body;
};

// The only contacts are those of the road with hull and wheels.
Touch touch_of(b2Contact& contact, const b2Body* road) {
  b2Fixture *tile = contact.GetFixtureA(), *other = contact.GetFixtureB();
  if (other->GetBody() == road) std::swap(tile, other);
  return {tile->GetUserData().pointer, other->GetBody()};
}

}  // namespace

void Race::BeginContact(b2Contact* contact) {
  const Touch touch = touch_of(*contact, road_);
  touched_[touch.tile] = true;
  Car::Wheel* wheel = car_.wheel_of(touch.body);
  if (!wheel) return;
  ++wheel->tiles;
  visited_[touch.tile] = true;
  if (touch.tile == 0 && visited_with_first_ == 0) visited_with_first_ = visited();
}

void Race::EndContact(b2Contact* contact) {
  if (Car::Wheel* wheel = car_.wheel_of(touch_of(*contact, road_).body)) --wheel->tiles;
}

}  // namespace envs
