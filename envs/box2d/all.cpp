// Gymnasium's games on Box2D, arms, legs and a car's track of our own, and worlds to be foretold: a row for
// each id.
#include "envs/box2d/bipedalwalker.h"
#include "envs/box2d/bouncing_balls.h"
#include "envs/box2d/carracing.h"
#include "envs/box2d/cartrack.h"
#include "envs/box2d/hopper2d.h"
#include "envs/box2d/lunarlander.h"
#include "envs/box2d/n_bodies.h"
#include "envs/box2d/pusher2d.h"
#include "envs/box2d/reacher2d.h"
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

static constexpr EnvDescription hopper_description{
    .observation =
        "height of the torso's middle [m], its angle, the angles of hip, knee and ankle [rad]; the torso's "
        "speed in x and y [m/s], its angular speed, those of the joints [rad/s]; whether the foot touches "
        "the ground",
    .action = "torques of hip, knee and ankle, as shares of the largest; what lies beyond 1 is clipped",
    .reward =
        "`forward_reward` by the torso's speed to the right [m/s], `alive_bonus` unless the step ends in a "
        "fall, less `control_cost` by the sum of the actions' squares",
    .end = "the hopper falls: the torso's middle is below 0.7 m, or leans more than 0.5 rad",
    .rules =
        "Torso (0.4 m, 5 kg), thigh (0.45 m, 2.5 kg), shin (0.5 m, 1.5 kg) and foot (0.4 m, 1 kg, its "
        "ankle 0.13 m from the heel) hang on each other; they touch the ground alone, with a friction of "
        "0.9. Angles grow counter-clockwise; the hip bends from -0.5 to 2 rad (thigh ahead), the knee from "
        "-2.4 to 0 (shin behind), the ankle 0.8 either way. A motor drives its joint in the action's sense "
        "with that share of `torque`, until `speed` is reached. Every part has 0.1 kg m^2 of inertia of "
        "its motor besides its own. A step is a fiftieth of a second, in four moves of the physics. An "
        "episode begins at rest, the foot 3 cm above the ground, hip, knee and ankle at 0.3, -0.6 and 0.3 "
        "rad, each up to 0.05 more or less. The heuristic policy is after Raibert (1986): on the ground "
        "the hip keeps the torso upright; in the air the leg bends, and the faster the hopper is, the "
        "farther ahead its foot lands.",
    .random_return = {9.7, 0.14},
    .heuristic_return = {1107, 4.1}};

static constexpr const char* goal_reward =
    "less its distance from the goal in metres (`reward: dense`), or 0 within `goal_radius` and -1 elsewhere "
    "(`sparse`): both follow from `achieved_goal` and `desired_goal` alone";

static constexpr EnvDescription pusher_description{
    .observation =
        "place [m] and speed [m/s] of the pusher, both x, y, then of the disc; the disc's place as "
        "`achieved_goal`; the goal as `desired_goal`",
    .action =
        "force on the pusher along x and along y, as shares of the largest; what lies beyond 1 is clipped",
    .reward = goal_reward,
    .end = "never before the time limit: the disc is to stay at the goal",
    .rules =
        "The middle of the table is the origin. The pusher (radius 0.2 m, 1 kg) and the disc (radius 0.25 m) "
        "slide without turning, lose speed to the table as `damping` says, and stop dead at walls and at "
        "each other, without friction. A step takes 0.04 s, in four moves of the physics. An episode draws "
        "the disc and the goal at least 0.75 m from every wall and 0.5 m from each other, and the pusher "
        "anywhere where it touches nothing; all are at rest. The heuristic policy walks round the disc to "
        "the far side and pushes it at the goal.",
    .random_return = {-141.1, 1.1},
    .heuristic_return = {-80, 0.9}};

static constexpr EnvDescription reacher_description{
    .observation =
        "cosine and sine of the shoulder's angle, then of the elbow's, both angular speeds [rad/s]; place of "
        "the tip as `achieved_goal`, the goal's as `desired_goal` (x, y) [m]",
    .action = "torques of shoulder and elbow, as shares of the largest; what lies beyond 1 is clipped",
    .reward = goal_reward,
    .end = "never before the time limit: the tip is to stay at the goal",
    .rules =
        "The shoulder is the origin, and nothing weighs. It turns without end, the elbow 2.8 rad either way; "
        "the arm touches nothing. A motor drives its joint in the action's sense with that share of "
        "`torque`, until `speed` is reached. A step takes 0.04 s, in four moves of the physics. An episode "
        "begins at rest with the shoulder at any angle, the elbow within 2 rad, and draws the goal from "
        "where the tip can be, each place alike. The heuristic policy knows the angles at which the tip is "
        "there, and a spring with a damper takes it to them.",
    .random_return = {-92, 0.6},
    .heuristic_return = {-28.3, 0.4}};
static constexpr EnvDescription racing_description{
    .observation =
        "96 x 96 pixels, red, green and blue, row by row from the top: the car from above, heading up, a "
        "quarter above the lower end; in the first second the camera comes down to it. Below, on black: the "
        "return so far, bars of speed, of the four wheels' speeds (front left, front right, rear left, rear "
        "right), of steering and of yaw",
    .action =
        "steering (-1 left, 1 right; the wheels turn by up to 0.4 rad), gas, brake (from 0.9 on it locks "
        "the wheels). The option `continuous: false`: 0 nothing, 1 right, 2 left, 3 gas, 4 brake",
    .reward =
        "1000 / N for each of the track's N tiles when a wheel first touches it, less 0.1 a step; -100 "
        "for leaving the field",
    .end = "all tiles have been touched, or the car leaves the field",
    .rules =
        "Tracks, car, rewards and ends are Gymnasium's; the picture is painted anew, and only the digits of "
        "the return are of another font. Over 200 episodes random play has a mean return of -32.2 +- 0.8, "
        "the heuristic policy, which reads the pixels, 646 +- 13 (95 %); `./atelier test racing-returns` "
        "prints them again.",
    .action_names = {"nothing", "right", "left", "up: gas", "down: brake"}};

static constexpr EnvDescription cartrack_description{
    .observation =
        "17 distances to the road's edge, from straight right of the car over ahead to straight left in "
        "equal angles, as parts of 60 m; speed ahead and to the right [50 m/s], yaw [5 rad/s], how far the "
        "wheels are turned to the left [0.4 rad]",
    .action = "steering (-1 left, 1 right), pedal (above 0 gas, below 0 brake)",
    .reward =
        "100 for a whole round: the part of it that the step went, backwards less; less 0.05 a step; -10 "
        "for leaving the road",
    .end = "the car's middle leaves the road, or the rounds are done",
    .rules =
        "Car and tracks are CarRacing's, without its picture. Each episode draws a track; the car begins at "
        "its first point, at rest, heading along it. The middle of the road is a chain of points, 3.5 m from "
        "one to the next; how far the car is round is told by the nearest of them and by how far the car is "
        "ahead of it, and its middle is off the road when it is more than 6.67 m aside of that point. Gas "
        "answers over ten steps and stops at once; brakes from 0.9 on lock the wheels; a wheel on grass "
        "holds 0.6 of what it holds on the road. A ray ends at the left or right edge of the road within 30 "
        "points of the car: where the road comes near itself, its other stretch is not seen. Over 200 "
        "episodes random play has a mean return of -69.1 +- 2.5, the heuristic policy 63.2 +- 1.6 (95 %); "
        "`./atelier test racing-returns` prints them again."};

// Steering and pedals, or one of five actions: two types.
static Entry car_racing(const Registration& row) {
  return entry(row, {"exact"}, [row] {
    auto params = std::make_shared<CarRacingParams>();
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
      return params->continuous ? objects_of<Replayed<CarRacing<float>>>(*params, row, n, max_steps)
                                : objects_of<Replayed<CarRacing<int64_t>>>(*params, row, n, max_steps);
    };
    return factory;
  });
}

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
      car_racing({"CarRacing-v3", "Drive a round on a road that is seen from above",
                  "https://gymnasium.farama.org/environments/box2d/car_racing", 1000, 900,
                  carracing_controller, racing_description}),
      objects<Replayed<CarTrack>>({"CarTrack-v0", "Drive rounds on a road whose edges are felt by lidar",
                                   "https://gymnasium.farama.org/environments/box2d/car_racing", 3000,
                                   std::nullopt, cartrack_controller, cartrack_description}),
      objects<Replayed<Hopper2D>>({"Hopper2D-v0", "Hop to the right on one leg of three joints",
                                   "Erez, Tassa & Todorov (2011)", 1000, std::nullopt, hopper2d_controller,
                                   hopper_description}),
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
      objects<Replayed<Pusher2D>>({"Pusher2D-v0", "Push a disc to a goal that each episode draws anew",
                                   "https://robotics.farama.org/content/multi-goal_api", 100, std::nullopt,
                                   pusher2d_controller, pusher_description}),
      objects<Replayed<Reacher2D>>({"Reacher2D-v0",
                                    "Bring the tip of an arm to a goal that each episode draws anew",
                                    "https://robotics.farama.org/content/multi-goal_api", 50, std::nullopt,
                                    reacher2d_controller, reacher_description}),
  };
}

}  // namespace envs
