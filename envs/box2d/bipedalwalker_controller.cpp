// Gymnasium's hand-written walk: it stands on one leg, puts the other down, pushes off, and swaps the legs.
#include <algorithm>
#include <array>
#include <utility>

#include "envs/box2d/bipedalwalker.h"

namespace envs {

namespace {

class Stride {
 public:
  void act(const float* s, float* action) {
    std::fill(action, action + 4, 0.0f);
    if (std::exchange(first_, false)) return;  // Gymnasium's loop acts before it has seen anything
    const Legs legs{{{double(s[4]), double(s[5]), double(s[6]), double(s[7]), s[8] != 0},
                     {double(s[9]), double(s[10]), double(s[11]), double(s[12]), s[13] != 0}}};
    Targets targets;
    aim(legs, double(s[2]), targets);
    for (size_t k = 0; k < 2; ++k) {
      const Leg& leg = legs[k];
      const double hip =
          pull(0.9, targets.hip[k], leg.hip, leg.hip_speed) + 0.9 * double(s[0]) + 1.5 * double(s[1]);
      const double knee = pull(4.0, targets.knee[k], leg.knee, leg.knee_speed) - 15.0 * double(s[3]);
      action[2 * k] = float(std::clamp(0.5 * hip, -1.0, 1.0));
      action[2 * k + 1] = float(std::clamp(0.5 * knee, -1.0, 1.0));
    }
  }

 private:
  static constexpr double pace = 0.29, bent = 0.1;  // forward speed; angle of the supporting knee

  struct Leg {
    double hip, hip_speed, knee, knee_speed;
    bool touches;
  };
  using Legs = std::array<Leg, 2>;
  struct Targets {  // 0: none
    std::array<double, 2> hip{}, knee{};
  };
  enum Phase { stay_on_one_leg, put_other_down, push_off };

  static double pull(double stiffness, double target, double angle, double rate) {
    return target == 0 ? 0 : stiffness * (target - angle) - 0.25 * rate;
  }

  // The phases in turn; each sees what the one before has changed.
  void aim(const Legs& legs, double forward, Targets& targets) {
    size_t other = 1 - moving_;
    if (phase_ == stay_on_one_leg) {
      targets.hip[moving_] = 1.1;
      targets.knee[moving_] = -0.6;
      knee_ = std::min(knee_ + (forward > pace ? 0.06 : 0.03), bent);
      targets.knee[other] = knee_;
      if (legs[other].hip < 0.10) phase_ = put_other_down;
    }
    if (phase_ == put_other_down) {
      targets.hip[moving_] = 0.1;
      targets.knee[moving_] = bent;
      targets.knee[other] = knee_;
      if (legs[moving_].touches) {
        knee_ = std::min(legs[moving_].knee, bent);
        phase_ = push_off;
      }
    }
    if (phase_ == push_off) {
      targets.knee[moving_] = knee_;
      targets.knee[other] = 1.0;
      if (legs[other].knee > 0.88 || forward > 1.2 * pace) {
        moving_ = other;
        phase_ = stay_on_one_leg;
      }
    }
  }

  bool first_ = true;
  Phase phase_ = stay_on_one_leg;
  size_t moving_ = 0;
  double knee_ = bent;  // where the supporting knee is held
};

}  // namespace

Controller bipedalwalker_controller() {
  return [stride = Stride()](const std::byte* obs, ActionOut out) mutable {
    stride.act(reinterpret_cast<const float*>(obs), out.continuous);
  };
}

}  // namespace envs
