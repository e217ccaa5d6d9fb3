// Arcade games of our own: a row for each id.
#include "envs/arcade/arcade.h"
#include "envs/arcade/breakout.h"
#include "envs/arcade/dodger.h"
#include "envs/arcade/pong.h"
#include "envs/arcade/snake.h"
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/wrappers/pixels.h"

namespace envs {

using namespace arcade;

static constexpr EnvDescription breakout_description{
    .observation =
        "12 x 12 cells, row by row from the top, in planes: the paddle, the ball, its next cell if nothing "
        "stops it, bricks. The option `observation` offers pixels instead",
    .action = "0 nothing, 1 the paddle goes a cell to the left, 2 to the right",
    .reward = "1 for each brick",
    .end = "the ball is lost, or no brick is left",
    .rules =
        "The paddle, 3 cells, is in the lowest row; it moves before the ball does. The ball moves a cell "
        "up or down and 0 or 1 cells across in each step; walls mirror it. A ball whose next cell has a "
        "brick knocks it out, stays where it is and turns up or down. A ball that comes to the lowest row "
        "is sent up again from the row above if the paddle is there: from its left cell to the left, from "
        "the middle one straight, from the right one to the right. Else it is lost. A level is a wall: it "
        "draws 2 to 5 rows below the upper one, a density of 4 to 7 eighths, and for each cell of the "
        "wall's left half whether it has a brick; the right half mirrors it, and a wall without any brick "
        "has one full row. The ball begins below it, in any column, downwards to the left or right.",
    .random_return = {0.41, 0.02},
    .heuristic_return = {4.38, 0.1},
    .action_names = {"nothing", "left", "right"}};

static constexpr EnvDescription dodger_description{
    .observation =
        "12 x 12 cells, row by row from the top, in planes: the player, rocks. The option `observation` "
        "offers pixels instead",
    .action = "0 nothing, 1 a cell to the left, 2 to the right",
    .reward = "1 for each wave of rocks that comes down to the player's row and misses",
    .end = "a rock meets the player",
    .rules =
        "The player is in the lowest row, at first in column 6 of 0 to 11, and moves first; then all rocks "
        "fall by a row, and at times a new wave appears in the upper one. A level draws how many steps lie "
        "between waves, 3 to 6, how wide the gap of a wave is, 1 to 3 cells, and how many eighths of the "
        "other cells have rocks, 2 to 7. A gap lies no farther from the one before than there are steps "
        "between them, less 2: who always stands in gaps is never met, unless an action sticks too often.",
    .random_return = {1.64, 0.05},
    .heuristic_return = {58.2, 0.8},
    .action_names = {"nothing", "left", "right"}};

static constexpr EnvDescription pong_description{
    .observation =
        "12 x 12 cells, row by row from the top, in planes: the agent's paddle (right), the other one, the "
        "ball, its next cell if nothing stops it, blocks. The option `observation` offers pixels instead, "
        "which also show the points",
    .action = "0 nothing, 1 the paddle goes a cell up, 2 down",
    .reward = "1 for each ball that the other side misses, -1 for each that the agent misses",
    .end = "either side has missed 5",
    .rules =
        "The agent's paddle, 3 cells, is in the last column, the other one, of 2 to 4 cells, in the first. "
        "In each step both paddles move, then the ball: a cell to the left or right, and up to 2 up or "
        "down; the upper and lower walls mirror it. A ball that comes to a paddle's column stays in the "
        "one before it and turns back if the paddle is in its row; its new speed upwards is 1 from the "
        "paddle's upper cell, -1 from the lower one, 0 from between, and 1 more or less if the paddle has "
        "just moved up or down; the other side's is changed once more by -1, 0 or 1 at random, within 2. "
        "Else the point is the other side's, and the ball is served anew from a free cell of column 6 of 0 "
        "to 11, to either side, with a speed upwards of -1, 0 or 1. A level draws the other paddle's "
        "length, its agility (in 3 to 7 of ten steps, at random, its middle goes towards the ball's row), "
        "and up to 4 blocks in column 6, which turn the ball back.",
    .random_return = {-1.81, 0.05},
    .heuristic_return = {3.16, 0.04},
    .action_names = {"nothing", "up", "down"}};

static constexpr EnvDescription snake_description{
    .observation =
        "12 x 12 cells, row by row from the top, in planes: the head, the body behind it, the tail's last "
        "cell, food, walls. The option `observation` offers pixels instead",
    .action = "0 left, 1 down, 2 right, 3 up; back the way it came it goes on straight",
    .reward = "1 for each food; -1 for running into something",
    .end = "the head runs into the frame, a wall or the body, or there is no free cell for food",
    .rules =
        "In each step the head enters the next cell. If food is there, the snake grows by that cell and "
        "new food lies on a free cell, any with the same probability; else the tail's last cell becomes "
        "free, and the head may enter just that one. A level draws up to 4 pieces of wall, each of 2 to 4 "
        "cells, upright or level, in rows 1 to 4 or 7 to 10 of 0 to 11 and never at the frame; one that "
        "would touch another, diagonally too, is left out. Rows 5 and 6 are free: in one of them the snake "
        "begins, 3 cells long, heading to the left or right. Until there was an action, \"right\" is what "
        "sticks.",
    .random_return = {-0.913, 0.006},
    .heuristic_return = {3.98, 0.09},
    .action_names = {"left", "down", "right", "up"}};

// The pixels are those of the wrapper: 84 x 84, grey.
template <class Game>
static Entry game(const Registration& row) {
  return entry(row, {"exact"}, [row] {
    auto params = std::make_shared<arcade::Params>();
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
      std::unique_ptr<Envs> envs = objects_of<Arcade<Game>>(*params, row, n, max_steps);
      if (params->observation == "symbols") return envs;
      return std::unique_ptr<Envs>(new Wrapped<Pixels>(Pixels::Params{}, std::move(envs), "pixels"));
    };
    return factory;
  });
}

std::vector<Entry> arcade_games() {
  const char* symbols = "https://arxiv.org/abs/1903.03176";
  return {
      game<Breakout>({.id = Breakout::id,
                      .sentence = "Knock the bricks of a wall out with a ball that must not be lost",
                      .source = symbols,
                      .max_episode_steps = 1000,
                      .heuristic = breakout_controller,
                      .description = breakout_description}),
      game<Dodger>({.id = Dodger::id,
                    .sentence = "Stand where falling rocks are not",
                    .source = symbols,
                    .max_episode_steps = 500,
                    .heuristic = dodger_controller,
                    .description = dodger_description}),
      game<Pong>({.id = Pong::id,
                  .sentence = "Send a ball past the other paddle, with blocks in its way",
                  .source = symbols,
                  .max_episode_steps = 1000,
                  .heuristic = pong_controller,
                  .description = pong_description}),
      game<Snake>({.id = Snake::id,
                   .sentence = "Eat and grow, and run into neither walls nor oneself",
                   .source = symbols,
                   .max_episode_steps = 1000,
                   .heuristic = snake_controller,
                   .description = snake_description}),
  };
}

}  // namespace envs
