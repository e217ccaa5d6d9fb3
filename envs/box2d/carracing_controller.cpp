// A driver who sees what agents see: follows the middle of the grey pixels ahead, and slows down where they
// bend away.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "envs/box2d/carracing.h"

namespace envs {

namespace {

constexpr int side = RaceEye::side;

// Of the picture's pixels.
struct Sight {
  const uint8_t* rgb;

  const uint8_t* pixel(int x, int y) const { return rgb + 3 * (y * side + x); }

  bool is_road(int x, int y) const {
    const uint8_t* p = pixel(x, y);
    return p[0] > 85 && p[0] < 125 && std::abs(p[0] - p[1]) < 12 && std::abs(p[1] - p[2]) < 12;
  }

  // How far to the right of the car the road's pixels of a row lie; nothing where there is none.
  std::optional<double> road(int y) const {
    int count = 0, sum = 0;
    for (int x = 0; x < side; ++x)
      if (is_road(x, y)) ++count, sum += x;
    if (count == 0) return std::nullopt;
    return double(sum) / count - (side - 1) / 2.0;
  }

  // By the length of the panel's white bar [m/s].
  double speed() const {
    int white = 0;
    for (int y = 84; y < side; ++y) white += *pixel(13, y);
    return white / 255.0 / 0.048;
  }
};

}  // namespace

Controller carracing_controller() {
  struct Memory {
    int age = 0;
    double aside = 0;
  };
  return [memory = Memory()](const std::byte* obs, ActionOut out) mutable {
    const Sight sight{reinterpret_cast<const uint8_t*>(obs)};
    constexpr int near = 60, far = 48, descent = 50;  // rows of pixels; steps of the camera
    const double bend = sight.road(far).value_or(memory.aside);
    memory.aside = sight.road(near).value_or(memory.aside);
    const bool sees = ++memory.age > descent;
    const double steer = sees ? 0.02 * memory.aside + 0.01 * bend : 0;
    const double limit = 45 - std::min(1.2 * std::abs(bend), 25.0), speed = sight.speed();
    out.continuous[0] = float(std::clamp(steer, -1.0, 1.0));
    out.continuous[1] = sees && speed < limit ? 0.5f : 0.0f;
    out.continuous[2] = speed > limit + 8 ? 0.4f : 0.0f;
  };
}

}  // namespace envs
