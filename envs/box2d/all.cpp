// Gymnasium's games on Box2D, and worlds to be foretold: a row for each id.
#include "envs/box2d/bipedalwalker.h"
#include "envs/box2d/bouncing_balls.h"
#include "envs/box2d/lunarlander.h"
#include "envs/box2d/n_bodies.h"
#include "envs/box2d/replayed.h"
#include "envs/entry.h"
#include "envs/families.h"

namespace envs {

static constexpr EnvDescription lander_description{
    .observation =
        "position from the pad and speed (both x, y), angle, angular speed, whether the left and the right "
        "leg "
        "touch the ground",
    .action = "0 nothing, 1 fires the left engine, 2 the main one, 3 the right one",
    .reward =
        "what the step adds to nearness, slowness, uprightness and contact, less fuel (0.3 a step of the "
        "main "
        "engine, 0.03 of a side one); 100 for coming to rest, -100 for a crash or leaving the picture",
    .end = "the lander comes to rest, crashes or leaves the picture",
    .action_names = {"nothing", "left engine", "up: main engine", "right engine"},
    .observation_names = {"x", "y", "x speed", "y speed", "angle", "angular speed", "left leg", "right leg"}};

static constexpr EnvDescription lander_continuous_description{
    .observation = lander_description.observation,
    .action =
        "main engine (above 0: half to full power), side engines "
        "(beyond -0.5 the left one, beyond 0.5 the right one)",
    .reward = lander_description.reward,
    .end = lander_description.end,
    .observation_names = lander_description.observation_names};

static constexpr EnvDescription walker_description{
    .observation =
        "hull's angle and angular speed, speed in x and y; of each leg hip angle and speed, knee angle and "
        "speed, "
        "contact with the ground; ten lidar distances ahead",
    .action = "torques of hip and knee of the first leg, then of the second",
    .reward =
        "how far the step went and how level the hull stayed, less 0.028 of the torques; -100 for a fall",
    .end = "the hull touches the ground, the walker goes off the start, or it reaches the far end"};

static constexpr EnvDescription balls_description{
    .observation = "of each ball its place (x, y) and its speed along both",
    .action = "0: there is nothing to do but watch",
    .reward = "0 in every step",
    .end = "never but by the time limit",
    .action_names = {"watch"}};

static constexpr EnvDescription bodies_description{
    .observation = "of the sun, then of each planet, its mass, its place (x, y) and its speed along both",
    .action = balls_description.action,
    .reward = balls_description.reward,
    .end = balls_description.end,
    .action_names = {"watch"}};

std::vector<Entry> box2d() {
  return {
      objects<Replayed<BipedalWalker>>({"BipedalWalker-v3",
                                        "Walk on two legs of two joints each over uneven ground",
                                        "https://gymnasium.farama.org/environments/box2d/bipedal_walker",
                                        1600, 300, bipedalwalker_controller, walker_description}),
      objects<Replayed<BipedalWalker>>(
          {"BipedalWalkerHardcore-v3", "Walk on two legs over stumps and stairs and past pits",
           "https://gymnasium.farama.org/environments/box2d/bipedal_walker", 2000, 300,
           bipedalwalker_controller, walker_description},
          {.hardcore = true}),
      objects<Replayed<BouncingBalls>>(
          {"BouncingBalls-v0", "Foretell balls that bounce off each other and the walls of a box",
           "Sutskever & Hinton (2008)", 200, std::nullopt, nullptr, balls_description}),
      objects<Replayed<LunarLander<int64_t>>>(
          {"LunarLander-v3", "Set a lander down between two flags by firing one of three engines or none",
           "https://gymnasium.farama.org/environments/box2d/lunar_lander", 1000, 200,
           lunarlander_controller<int64_t>, lander_description}),
      objects<Replayed<LunarLander<float>>>(
          {"LunarLanderContinuous-v3", "Set a lander down between two flags by throttling its engines",
           "https://gymnasium.farama.org/environments/box2d/lunar_lander", 1000, 200,
           lunarlander_controller<float>, lander_continuous_description}),
      objects<Replayed<NBodies>>({"NBodies-v0", "Foretell planets that pull at each other around a sun",
                                  "Battaglia et al. (2016)", 500, std::nullopt, nullptr, bodies_description}),
  };
}

}  // namespace envs
