// A hop by hand, after Raibert (1986): on the ground the hip keeps the torso upright; in the air the leg
// bends, and the faster the hopper is, the farther ahead it lands. Its gains were found by trying.
#include <algorithm>

#include "envs/box2d/hopper2d.h"

namespace envs {

namespace {

double damped_spring(double stiffness, double target, double angle, double rate) {
  return stiffness * (target - angle) - 0.18 * rate;
}

}  // namespace

Controller hopper2d_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* s = reinterpret_cast<const float*>(obs);
    const double lean = double(s[1]), hip = double(s[2]), knee = double(s[3]), ankle = double(s[4]),
                 pace = double(s[5]), spin = double(s[7]);
    const bool stands = s[11] != 0;
    const double ahead = 0.03 + 0.26 * pace - lean, flat = -(lean + hip + knee);
    const double by_hip = stands ? 6.5 * lean + 0.44 * spin : damped_spring(0.28, ahead, hip, double(s[8]));
    const double by_knee = damped_spring(0.27, stands ? -0.05 : -1.1, knee, double(s[9]));
    const double by_ankle = damped_spring(1.8, flat + (stands ? 0.24 : 0.11), ankle, double(s[10]));
    const double all[] = {by_hip, by_knee, by_ankle};
    for (size_t k = 0; k < 3; ++k) out.continuous[k] = float(std::clamp(all[k], -1.0, 1.0));
  };
}

}  // namespace envs
