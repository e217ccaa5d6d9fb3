#include "envs/box2d/bouncing_balls.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

namespace {

// What loses nothing: no friction, and slow balls bounce, too.
b2FixtureDef elastic(const b2Shape& shape) {
  b2FixtureDef fixture;
  fixture.shape = &shape;
  fixture.density = 1;
  fixture.friction = 0;
  fixture.restitution = 1;
  fixture.restitutionThreshold = 0;
  return fixture;
}

bool is_free(b2Vec2 at, double radius, std::span<b2Body* const> others) {
  const auto apart = [&](const b2Body* other) {
    return (other->GetPosition() - at).Length() > 2.05 * radius;
  };
  return std::all_of(others.begin(), others.end(), apart);
}

b2Vec2 draw_place(const BouncingBallsParams& params, std::span<b2Body* const> others, core::Pcg64& random) {
  const double low = 1.05 * params.radius, high = params.side - low;
  for (;;) {
    const double x = random.uniform(low, high), y = random.uniform(low, high);  // one by one
    if (const b2Vec2 at = physics::vec(x, y); is_free(at, params.radius, others)) return at;
  }
}

}  // namespace

// A ball keeps the middles of the others out of a disc of twice its radius: where all of them leave a fifth
// of the square free, a place is found in a few tries.
void BouncingBallsParams::check() const {
  const double inner = side - 2.1 * radius, kept = std::numbers::pi * std::pow(2.05 * radius, 2);
  core::check(
      inner > 0 && double(balls - 1) * kept <= 0.8 * inner * inner,
      "balls: expected room in a box of {} m for {} balls of radius {} m; let them be fewer or smaller", side,
      balls, radius);
}

Spec BouncingBalls::spec(const Params& params) {
  const auto side = float(params.side), fastest = float(params.speed * std::sqrt(double(params.balls)) * 1.1);
  std::vector<float> low, high;
  for (int64_t k = 0; k < params.balls; ++k) {
    low.insert(low.end(), {0, 0, -fastest, -fastest});
    high.insert(high.end(), {side, side, fastest, fastest});
  }
  return {.observation = Space::box(low, high), .action = Space::choice({"watch"}), .fps = 30};
}

BouncingBalls::BouncingBalls(const Params& params, core::Pcg64& random)
    : params_(params), world_(b2Vec2(0, 0)) {
  add_walls();
  for (size_t k = 0; k < balls().size(); ++k) {
    const b2Vec2 at = draw_place(params, balls().first(k), random);
    const double heading = random.uniform(0, 2 * std::numbers::pi);
    balls_[k] =
        add_ball(at, physics::vec(params.speed * std::cos(heading), params.speed * std::sin(heading)));
  }
}

void BouncingBalls::add_walls() {
  const b2BodyDef still;
  b2Body* const walls = world_.CreateBody(&still);
  const double side = params_.side;
  const std::array<b2Vec2, 4> corners{physics::vec(0, 0), physics::vec(side, 0), physics::vec(side, side),
                                      physics::vec(0, side)};
  for (size_t k = 0; k < 4; ++k) {
    b2EdgeShape wall;
    wall.SetTwoSided(corners[k], corners[(k + 1) % 4]);
    const b2FixtureDef fixture = elastic(wall);
    walls->CreateFixture(&fixture);
  }
}

b2Body* BouncingBalls::add_ball(b2Vec2 at, b2Vec2 velocity) {
  b2BodyDef moving;
  moving.type = b2_dynamicBody;
  moving.position = at;
  moving.linearVelocity = velocity;
  moving.fixedRotation = true;
  moving.allowSleep = false;
  moving.bullet = true;
  b2CircleShape ball;
  ball.m_radius = float(params_.radius);
  const b2FixtureDef fixture = elastic(ball);
  b2Body* const body = world_.CreateBody(&moving);
  body->CreateFixture(&fixture);
  return body;
}

double BouncingBalls::speed() const {
  double sum = 0;
  for (const b2Body* ball : balls()) sum += double(ball->GetLinearVelocity().LengthSquared());
  return std::sqrt(sum / double(balls().size()));
}

// Box2D solves contacts one after another: where several touch at once it gains or loses a little, which all
// give back in proportion.
Outcome BouncingBalls::step(const Action*, core::Pcg64&) {
  constexpr int moves = 4;
  for (int move = 0; move < moves; ++move) {
    physics::advance(world_, 1.0 / (30 * moves));
    const double now = speed();
    for (b2Body* ball : balls())
      if (now > 0) ball->SetLinearVelocity(float(params_.speed / now) * ball->GetLinearVelocity());
  }
  return {0, 0};
}

void BouncingBalls::observe(Item* row) const {
  for (const b2Body* ball : balls()) {
    const b2Vec2 at = ball->GetPosition(), velocity = ball->GetLinearVelocity();
    row = std::copy_n(std::array{at.x, at.y, velocity.x, velocity.y}.begin(), 4, row);
  }
}

void BouncingBalls::draw(core::Canvas& canvas) const {
  static constexpr std::array colors{scene::body, scene::force, scene::goal, scene::danger, scene::steel};
  const double side = params_.side, edge = 0.02 * side;
  canvas.view({-edge, -edge, side + 2 * edge, side + 2 * edge}, scene::ink);
  const std::array<core::Vec, 4> floor{{{0, 0}, {side, 0}, {side, side}, {0, side}}};
  canvas.polygon(floor, core::filled(scene::paper));
  for (int line = 1; line < 4; ++line) {
    canvas.line({line * side / 4, 0}, {line * side / 4, side}, scene::grid, 0.004 * side);
    canvas.line({0, line * side / 4}, {side, line * side / 4}, scene::grid, 0.004 * side);
  }
  for (size_t k = 0; k < balls().size(); ++k) {
    const b2Vec2 at = balls_[k]->GetPosition();
    canvas.object("ball");
    canvas.circle({double(at.x), double(at.y)}, params_.radius, core::filled(colors[k % colors.size()]));
  }
}

}  // namespace envs
