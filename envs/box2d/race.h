// A car on a track in a Box2D world: tiles of road that wheels feel, and which of them have been driven over.
#pragma once

#include <bitset>

#include "envs/box2d/car.h"
#include "envs/box2d/track.h"

namespace envs {

class Race final : private b2ContactListener {
 public:
  explicit Race(core::Pcg64& random);  // draws the track; the car stands at its first point
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  void step(const Car::Pedals& pedals);  // a fiftieth of a second

  const Track& track() const { return track_; }
  const Car& car() const { return car_; }
  core::Vec at() const;                                          // the hull's origin [m]
  double speed() const;                                          // the hull's [m/s]
  size_t visited() const { return visited_.count(); }            // tiles that a wheel has touched
  bool is_touched(size_t tile) const { return touched_[tile]; }  // by a wheel or by the hull
  // How many had been visited when tile 0 was, it included; 0: it has not been.
  size_t visited_with_first() const { return visited_with_first_; }

 private:
  void add_road();
  void BeginContact(b2Contact* contact) override;
  void EndContact(b2Contact* contact) override;

  Track track_;
  b2World world_{b2Vec2(0, 0)};
  b2Body* road_;
  Car car_;
  std::bitset<Track::most_points> visited_, touched_;
  size_t visited_with_first_ = 0;
};

}  // namespace envs
