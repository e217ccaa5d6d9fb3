#include "envs/box2d/n_bodies.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

static constexpr int moves_per_step = 4;  // of 5 ms each

// What keeps a body on a circle around the sun.
static double orbital_speed(const NBodiesParams& params, double radius) {
  const double square = radius * radius + params.softening * params.softening;
  return std::sqrt(params.gravitation * params.sun * radius * radius / (square * std::sqrt(square)));
}

void NBodiesParams::check() const {
  core::check(nearest <= farthest, "nearest: expected at most farthest, {} m, found {} m", farthest, nearest);
  const double fastest = orbital_speed(*this, std::max(nearest, softening));
  core::check(fastest <= 100, "gravitation: expected orbits of at most 100 m/s, found {:.0f} m/s", fastest);
}

Spec NBodies::spec(const Params& params) {
  const auto far =
      float(4 * params.farthest);  // few leave that far, since their pull is a hundredth of the sun's
  const auto heaviest = float(std::max(params.sun, 2.0));
  std::vector<float> low, high;
  for (int64_t k = 0; k < params.bodies; ++k) {
    low.insert(low.end(), {0, -far, -far, -200, -200});
    high.insert(high.end(), {heaviest, far, far, 200, 200});
  }
  return {.observation = Space::box(low, high), .action = Space::choice({"watch"}), .fps = physics::fps};
}

NBodies::NBodies(const Params& params, core::Pcg64& random) : params_(params), world_(b2Vec2(0, 0)) {
  bodies_[0] = add(params.sun, b2Vec2(0, 0), b2Vec2(0, 0));
  for (size_t k = 1; k < bodies().size(); ++k) add_planet(k, random);
  b2Vec2 momentum(0, 0);
  for (const b2Body* body : bodies()) momentum += body->GetMass() * body->GetLinearVelocity();
  bodies_[0]->SetLinearVelocity(-1 / float(params.sun) * momentum);  // as a whole they rest
}

b2Body* NBodies::add(double mass, b2Vec2 at, b2Vec2 velocity) {
  b2BodyDef moving;
  moving.type = b2_dynamicBody;
  moving.position = at;
  moving.linearVelocity = velocity;
  moving.allowSleep = false;
  b2Body* const body = world_.CreateBody(&moving);
  b2MassData data;
  data.mass = float(mass), data.center = b2Vec2(0, 0), data.I = 1;
  body->SetMassData(&data);
  return body;
}

void NBodies::add_planet(size_t k, core::Pcg64& random) {
  const double radius = random.uniform(params_.nearest, params_.farthest);
  const double place = random.uniform(0, 2 * std::numbers::pi), mass = random.uniform(0.2, 2);
  const double speed = orbital_speed(params_, radius), x = std::cos(place), y = std::sin(place);
  bodies_[k] = add(mass, physics::vec(radius * x, radius * y), physics::vec(-speed * y, speed * x));
}

void NBodies::pull(b2Body& a, b2Body& b) const {
  const b2Vec2 apart = b.GetPosition() - a.GetPosition();
  const double square = double(apart.LengthSquared()) + params_.softening * params_.softening;
  const double strength =
      params_.gravitation * double(a.GetMass()) * double(b.GetMass()) / (square * std::sqrt(square));
  const b2Vec2 force = float(strength) * apart;
  a.ApplyForceToCenter(force, true);
  b.ApplyForceToCenter(-force, true);
}

Outcome NBodies::step(const Action*, core::Pcg64&) {
  for (int move = 0; move < moves_per_step; ++move) {
    for (size_t a = 0; a < bodies().size(); ++a)
      for (size_t b = a + 1; b < bodies().size(); ++b) pull(*bodies_[a], *bodies_[b]);
    physics::advance(world_, 1 / (physics::fps * moves_per_step));
  }
  return {0, 0};
}

void NBodies::observe(Item* row) const {
  for (const b2Body* body : bodies()) {
    const b2Vec2 at = body->GetPosition(), velocity = body->GetLinearVelocity();
    row = std::copy_n(std::array{body->GetMass(), at.x, at.y, velocity.x, velocity.y}.begin(), 5, row);
  }
}

void NBodies::draw(core::Canvas& canvas) const {
  static constexpr std::array colors{scene::force, scene::body, scene::goal, scene::danger,
                                     core::Color{222, 221, 214}};
  const double reach = 1.3 * params_.farthest;
  canvas.view({-reach, -reach, 2 * reach, 2 * reach}, {22, 26, 38});
  for (int ring = 1; ring <= 3; ++ring)
    canvas.circle({0, 0}, ring * params_.farthest / 3, core::outlined({52, 58, 76}, 0.004 * reach));
  for (size_t k = 0; k < bodies().size(); ++k) {
    const b2Vec2 at = bodies_[k]->GetPosition();
    const double size = k == 0 ? 0.09 : 0.025 + 0.025 * std::sqrt(double(bodies_[k]->GetMass()) / 2);
    canvas.object(k == 0 ? "sun" : "planet");
    canvas.circle({double(at.x), double(at.y)}, size * reach,
                  core::filled(k == 0 ? core::Color{255, 206, 92} : colors[(k - 1) % colors.size()]));
  }
}

}  // namespace envs
