// What an action's return should have been, by what came after it, and how far a network is from that.
#pragma once

namespace agents {

// Its distribution is that of reward + discount * Z, where Z is what a network says of the action that comes
// next: K numbers, as its estimate means them.
struct TdTarget {
  float reward, discount;  // the sum of n rewards; gamma^n, 0 where the episode terminated
  const float* next;       // [K]
};

struct TdLoss {
  float value;     // Q(s, a)
  float error;     // Q(s, a) less the mean of the target
  float loss;      // what is minimised
  float priority;  // of a transition in a prioritised replay, >= 0
};

}  // namespace agents
