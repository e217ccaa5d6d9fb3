// The arcade games: rules by hand, levels, actions that stick, scripted players.
#include "envs/arcade/arcade.h"

#include <cmath>
#include <set>

#include "envs/arcade/breakout.h"
#include "envs/arcade/dodger.h"
#include "envs/arcade/pong.h"
#include "envs/arcade/snake.h"
#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::arcade {

using namespace envs::arcade;

namespace {

// The first observations of many episodes, as bytes.
std::set<std::string> beginnings(const std::string& env) {
  Batch batch = env_batch(env);
  std::set<std::string> all;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    batch.reset(seed);
    all.emplace(reinterpret_cast<const char*>(batch.obs.data()), batch.obs.size());
  }
  return all;
}

template <class Game>
Game begun(uint64_t level) {
  core::Pcg64 chance(level);
  Game game{};
  game.begin(chance);
  return game;
}

}  // namespace

TEST_CASE("walls that were not trained on are other walls", "[envs][arcade]") {
  const auto trained = beginnings("{id: Arcade/Breakout-v0, num_levels: 10}"),
             unseen = beginnings("{id: Arcade/Breakout-v0, num_levels: 10, start_level: 10}");
  CHECK(trained.size() == 10);
  for (const auto& level : trained) CHECK_FALSE(unseen.contains(level));
}

namespace {

// A game whose reward is the action that came through.
struct Echo {
  static constexpr const char* id = "Echo";
  static constexpr int channels = 1, actions = 10'000;
  static constexpr int64_t first = 0;
  int32_t nothing;

  void begin(core::Pcg64&) {}
  envs::Outcome step(int64_t action, core::Pcg64&) { return {float(action), 0}; }
  void observe(FeaturePlanes) const {}
  void draw(core::Canvas&) const {}
  bool is_sound() const { return true; }
};

}  // namespace

TEST_CASE("actions stick as often as they are told to, and what sticks is what was done last",
          "[envs][arcade]") {
  Arcade<Echo> env({.sticky_action_probability = 0.25});
  core::Pcg64 random(3);
  env.reset(random);
  int sticks = 0, strange = 0;
  float last = 0;
  for (int64_t t = 1; t < Echo::actions; ++t) {
    const float done = env.step(&t, random).reward;
    sticks += done != float(t);
    strange += done != float(t) && done != last;
    last = done;
  }
  CHECK(strange == 0);
  CHECK(std::abs(double(sticks) / Echo::actions - 0.25) < 0.015);
}

TEST_CASE("an action that always sticks is the first one", "[envs][arcade]") {
  Batch batch = env_batch("{id: Arcade/Dodger-v0, sticky_action_probability: 1}");
  batch.reset(0);
  for (int t = 0; t < 30; ++t) {
    batch.discrete = {1};
    batch.step();
    CHECK(Seen(batch.obs.data(), Dodger::channels).find(0) == (side - 1) * side + side / 2);
  }
}

TEST_CASE("Breakout: a brick is knocked out and turns the ball", "[envs][arcade]") {
  core::Pcg64 chance(1);
  Breakout game{
      .bricks = {0, 0, 0, 0, 1U << 4 | 1U << 7}, .paddle = 3, .x = 3, .y = 6, .dx = 1, .dy = -1, .over = 0};
  const envs::Outcome hit = game.step(0, chance);
  CHECK(hit.reward == 1);
  CHECK(hit.terminated == 0);
  CHECK(game.bricks[4] == 1U << 7);
  CHECK(std::array{game.x, game.y, game.dx, game.dy} == std::array{3, 6, 1, 1});
  game.x = 6, game.dy = -1;
  CHECK(game.step(0, chance).terminated == 1);  // the last one
  CHECK(game.step(1, chance).reward == 0);
}

TEST_CASE("Breakout: the paddle's cells send the ball left, straight and right; elsewhere it is lost",
          "[envs][arcade]") {
  core::Pcg64 chance(1);
  for (int part = -1; part <= 3; ++part) {
    INFO(part);
    Breakout game{
        .bricks = {1, 0, 0, 0, 0}, .paddle = 4, .x = 3 + part, .y = 10, .dx = 1, .dy = 1, .over = 0};
    const bool lost = part < 0 || part > 2;
    CHECK(game.step(0, chance).terminated == lost);
    CHECK(game.x == 4 + part);
    CHECK(game.y == (lost ? 11 : 10));
    if (!lost) CHECK(std::array{game.dx, game.dy} == std::array{part - 1, -1});
  }
}

TEST_CASE("Breakout: walls mirror the ball", "[envs][arcade]") {
  core::Pcg64 chance(1);
  Breakout game{.bricks = {0, 0, 0, 0, 1}, .paddle = 4, .x = 11, .y = 0, .dx = 1, .dy = -1, .over = 0};
  game.step(0, chance);
  CHECK(std::array{game.x, game.y, game.dx, game.dy} == std::array{11, 0, -1, 1});
}

TEST_CASE("Pong: the ball turns at paddles and blocks, and goes by where it is missed", "[envs][arcade]") {
  core::Pcg64 chance(1);
  const Pong base{.blocks = 1U << 5,
                  .agility = 0,
                  .other_length = 2,
                  .paddle = 4,
                  .other = 0,
                  .x = 10,
                  .y = 5,
                  .dx = 1,
                  .dy = 0,
                  .won = 0,
                  .lost = 4};
  Pong game = base;
  game.y = 6;  // the lower cell of a paddle that stands
  CHECK(game.step(0, chance).reward == 0);
  CHECK(std::array{game.x, game.dx, game.dy} == std::array{10, -1, 1});
  game = base;
  game.step(1, chance);  // its middle becomes the lower cell, and it moves up
  CHECK(std::array{game.dx, game.dy} == std::array{-1, 0});
  game = base;
  game.x = 5, game.y = 5;
  game.step(0, chance);
  CHECK(std::array{game.x, game.dx} == std::array{5, -1});
  game = base;
  game.y = 9;
  const envs::Outcome missed = game.step(0, chance);
  CHECK(missed.reward == -1);
  CHECK(missed.terminated == 1);
  game = base;
  game.x = 1, game.dx = -1;
  const envs::Outcome scored = game.step(0, chance);
  CHECK(scored.reward == 1);
  CHECK(scored.terminated == 0);
  CHECK(game.x == Pong::middle);
  CHECK(game.y != 5);  // there is a block
}

namespace {

// Heading right in row 6, its head in column 4; food elsewhere.
Snake snake() {
  Snake game{};
  game.length = 3, game.heading = 2, game.food = 0;
  for (int k = 0; k < 3; ++k) game.body[size_t(k)] = uint8_t(6 * side + 2 + k);
  return game;
}

}  // namespace

TEST_CASE("Snake: it eats, grows, and does not turn round on the spot", "[envs][arcade]") {
  core::Pcg64 chance(1);
  Snake game = snake();
  game.food = 6 * side + 5;
  const envs::Outcome fed = game.step(0, chance);  // back: straight on
  CHECK(fed.reward == 1);
  CHECK(game.length == 4);
  CHECK(game.tail == 0);
  CHECK(game.food != 6 * side + 5);
  CHECK(game.step(3, chance).reward == 0);
  CHECK(game.length == 4);
  CHECK(game.tail == 1);
  CHECK(game.body[4] == 5 * side + 5);
}

TEST_CASE("Snake: the frame, walls and the body end it; the tail makes room", "[envs][arcade]") {
  core::Pcg64 chance(1);
  Snake wall = snake();
  wall.walls[5] = 1U << 4;
  CHECK(wall.step(3, chance).reward == -1);
  CHECK(wall.over == 1);
  Snake frame = snake();
  for (int t = 0; t < 7; ++t) CHECK(frame.step(2, chance).terminated == 0);
  CHECK(frame.step(2, chance).reward == -1);
  Snake ring = snake();  // four cells in a square: the head follows the tail
  ring.body = {6 * side + 2, 6 * side + 3, 5 * side + 3, 5 * side + 2};
  ring.length = 4, ring.heading = 0;
  for (const int action : {1, 2, 3, 0, 1}) CHECK(ring.step(action, chance).terminated == 0);
  Snake knot = ring;
  knot.food = 5 * side + 1;
  knot.tail = 0, knot.heading = 0;
  knot.body = {6 * side + 1, 6 * side + 2, 6 * side + 3, 5 * side + 3, 5 * side + 2};
  knot.length = 5;
  CHECK(knot.step(1, chance).reward == -1);
}

TEST_CASE("Snake: every free cell of a level can be reached, and food lies on one", "[envs][arcade]") {
  int cut_off = 0, misplaced = 0;
  for (uint64_t level = 0; level < 2000; ++level) {
    const Snake game = begun<Snake>(level);
    std::vector<bool> seen(Snake::cells);
    std::vector<int> open{int(game.body[0])};
    const auto visit = [&](int row, int column) {
      if (!is_inside(row) || !is_inside(column) || game.walls[size_t(row)] >> column & 1) return;
      const int cell = row * side + column;
      if (!seen[size_t(cell)]) open.push_back(cell);
      seen[size_t(cell)] = true;
    };
    while (!open.empty()) {
      const int row = open.back() / side, column = open.back() % side;
      open.pop_back();
      for (const int by : {-1, 1}) visit(row + by, column), visit(row, column + by);
    }
    for (int cell = 0; cell < Snake::cells; ++cell)
      cut_off += !seen[size_t(cell)] && !(game.walls[size_t(cell / side)] >> (cell % side) & 1);
    misplaced += !seen[size_t(game.food)];
    for (int k = 0; k < 3; ++k) misplaced += game.food == game.body[size_t(k)] || !seen[game.body[size_t(k)]];
  }
  CHECK(cut_off == 0);
  CHECK(misplaced == 0);
}

TEST_CASE("Dodger: who goes from gap to gap is never hit", "[envs][arcade]") {
  int hits = 0;
  double waves = 0;
  for (uint64_t level = 0; level < 200; ++level) {
    core::Pcg64 chance(level);
    Dodger game{};
    game.begin(chance);
    std::vector<std::pair<int, int>> gaps;  // when each comes down, and where it is
    for (int t = 0; t < 500; ++t) {
      if (game.wait == game.period) gaps.emplace_back(t + side - 2, game.gap);
      while (gaps.front().first < t) gaps.erase(gaps.begin());
      const int low = gaps.front().second, high = low + game.gap_width - 1;
      const envs::Outcome outcome = game.step(game.x < low ? 2 : game.x > high ? 1 : 0, chance);
      hits += outcome.terminated;
      waves += double(outcome.reward);
    }
  }
  CHECK(hits == 0);
  CHECK(waves > 15'000);
}

}  // namespace tests::arcade
