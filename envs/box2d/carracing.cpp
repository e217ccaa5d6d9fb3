#include "envs/box2d/carracing.h"

#include <algorithm>
#include <cmath>

namespace envs {

using namespace physics;

namespace {

core::Color drawn_color(core::Pcg64& random) {
  const double r = random.uniform(0, 210), g = random.uniform(0, 210), b = random.uniform(0, 210);
  return {uint8_t(r), uint8_t(g), uint8_t(b)};
}

RaceColors drawn_colors(core::Pcg64& random) {
  RaceColors drawn;
  drawn.road = drawn_color(random);
  drawn.field = drawn.grass = drawn_color(random);
  uint8_t* const channels[] = {&drawn.grass.r, &drawn.grass.g, &drawn.grass.b};
  *channels[random.integers(0, 3)] += 20;
  return drawn;
}

}  // namespace

CarRace::CarRace(const CarRacingParams& params, core::Pcg64& random)
    : lap_complete_percent_(params.lap_complete_percent),
      colors_(params.domain_randomize ? drawn_colors(random) : RaceColors{}),
      race_(random) {
  drive({});
}

void CarRace::drive(const Car::Pedals& pedals) {
  race_.step(pedals);
  for (; visited_ < race_.visited(); ++visited_) reward_ += 1000.0 / double(race_.track().count);
  shown_ = reward_;
  ++age_;
}

Outcome CarRace::step(const Car::Pedals& pedals) {
  drive(pedals);
  reward_ -= 0.1;
  const double reward = reward_ - rewarded_;
  rewarded_ = reward_;
  const double tiles = double(race_.track().count);
  const bool closed = double(race_.visited_with_first()) / tiles > lap_complete_percent_;
  const bool finished = visited_ == race_.track().count || closed;
  const core::Vec at = race_.at();
  const bool lost = std::abs(at.x) > Track::field || std::abs(at.y) > Track::field;
  return {lost ? -100.0f : float(reward), finished || lost};
}

RaceView CarRace::seen() const {
  return {.race = race_, .colors = colors_, .seconds = age_ / fps, .score = shown_};
}

void CarRace::observe(uint8_t* row, RaceEye& eye) const { eye.see(seen(), row); }

void CarRace::draw(core::Canvas& canvas) const { draw_race(seen(), canvas); }

template <class A>
Spec CarRacing<A>::spec() {
  return {.observation = Space::array({RaceEye::side, RaceEye::side, 3}, 0, 255, Dtype::uint8),
          .action = std::is_same_v<A, float> ? Space::box({-1, 0, 0}, {1, 1, 1}) : Space::discrete(5),
          .fps = physics::fps};
}

template <>
Car::Pedals CarRacing<int64_t>::pedals(const int64_t* action) {
  return {.steer = *action == 1   ? 0.6
                   : *action == 2 ? -0.6
                                  : 0,
          .gas = *action == 3 ? 0.2 : 0,
          .brake = *action == 4 ? 0.8 : 0};
}

template <>
Car::Pedals CarRacing<float>::pedals(const float* action) {
  return {.steer = double(action[0]), .gas = double(action[1]), .brake = double(action[2])};
}

template class CarRacing<int64_t>;
template class CarRacing<float>;

}  // namespace envs
