// Gymnasium's classic control: a row for each id.
#include "envs/classic_control/acrobot.h"
#include "envs/classic_control/cartpole.h"
#include "envs/classic_control/mountain_car.h"
#include "envs/classic_control/mountain_car_continuous.h"
#include "envs/classic_control/pendulum.h"
#include "envs/entry.h"
#include "envs/families.h"

namespace envs {

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
  };
}

}  // namespace envs
