// Gymnasium's classic control, and what it has of it for JAX: a row for each id.
#include "envs/classic_control/acrobot.h"
#include "envs/classic_control/cartpole.h"
#include "envs/classic_control/mountain_car.h"
#include "envs/classic_control/mountain_car_continuous.h"
#include "envs/classic_control/pendulum.h"
#include "envs/entry.h"
#include "envs/families.h"

namespace envs {

static constexpr EnvDescription phys2d_cartpole_description{
    .observation = cartpole_description.observation,
    .action = cartpole_description.action,
    .reward = cartpole_description.reward,
    .end = cartpole_description.end,
    .rules =
        "CartPole-v1 in the precision `fast`, with the equations of Gymnasium's environment for JAX: as the "
        "pole's mass by half its length they take the sum of the two, 0.6, not the product, 0.05, and so the "
        "cart feels the pole twelve times as much. Random numbers are not JAX's: the rules are equal, the "
        "episodes from a seed are not.",
    .action_names = cartpole_description.action_names,
    .observation_names = cartpole_description.observation_names};

static constexpr EnvDescription phys2d_pendulum_description{
    .observation = pendulum_description.observation,
    .action = pendulum_description.action,
    .reward = pendulum_description.reward,
    .end = pendulum_description.end,
    .rules =
        "Pendulum-v1 in the precision `fast`, as Gymnasium's environment for JAX. Random numbers are not "
        "JAX's: the rules are equal, the episodes from a seed are not.",
    .observation_names = pendulum_description.observation_names};

std::vector<Entry> classic_control() {
  return {
      batched<Acrobot>({"Acrobot-v1", "Swing the free end of two hanging links above the bar",
                        "https://gymnasium.farama.org/environments/classic_control/acrobot", 500, -100,
                        acrobot_controller, acrobot_description}),
      batched<CartPole>({"CartPole-v0",
                         "Keep a pole upright on a cart for 200 steps by pushing left or right",
                         "https://gymnasium.farama.org/environments/classic_control/cart_pole", 200, 195,
                         cartpole_controller, cartpole_description}),
      batched<CartPole>({"CartPole-v1",
                         "Keep a pole upright on a cart for 500 steps by pushing left or right",
                         "https://gymnasium.farama.org/environments/classic_control/cart_pole", 500, 475,
                         cartpole_controller, cartpole_description}),
      batched<MountainCar>({"MountainCar-v0",
                            "Rock a weak car out of a valley with pushes to the left and right",
                            "https://gymnasium.farama.org/environments/classic_control/mountain_car", 200,
                            -110, mountain_car_controller, mountain_car_description}),
      batched<MountainCarContinuous>(
          {"MountainCarContinuous-v0", "Rock a weak car out of a valley with pushes of any strength",
           "https://gymnasium.farama.org/environments/classic_control/mountain_car_continuous", 999, 90,
           mountain_car_continuous_controller, mountain_car_continuous_description},
          MountainCarContinuous<Exact>{}.p),
      batched<Pendulum>({"Pendulum-v1", "Swing a rod up with a weak motor and hold it there at little cost",
                         "https://gymnasium.farama.org/environments/classic_control/pendulum", 200,
                         std::nullopt, pendulum_controller, pendulum_description}),
      fast_alone(batched<Phys2dCartPole>(
          {"phys2d/CartPole-v1", "Keep a pole upright on a cart, as Gymnasium has it for JAX",
           "https://github.com/Farama-Foundation/Gymnasium/tree/main/gymnasium/envs/phys2d", 500, 475,
           cartpole_controller, phys2d_cartpole_description})),
      fast_alone(batched<Pendulum>(
          {"phys2d/Pendulum-v0", "Swing a rod up with a weak motor, as Gymnasium has it for JAX",
           "https://github.com/Farama-Foundation/Gymnasium/tree/main/gymnasium/envs/phys2d", 200,
           std::nullopt, pendulum_controller, phys2d_pendulum_description})),
  };
}

}  // namespace envs
