#include "agents/value/dqn.h"

#include <cmath>

namespace agents {

void DqnOptions::fields(core::Fields& f) {
  values.fields(f, agent, [this](core::Fields& own) {
    own.choice("loss", loss, "Of the temporal-difference error: squared, or linear beyond 1",
               {"huber", "squared"});
  });
}

TdLoss Expectation::loss(const float* z, const TdTarget& target, float* d_z) {
  const float error = *z - (target.reward + target.discount * *target.next), size = std::abs(error);
  const bool linear = huber && size > 1;
  *d_z = linear ? std::copysign(1.0f, error) : error;
  return {*z, error, linear ? size - 0.5f : 0.5f * error * error, size};
}

}  // namespace agents
