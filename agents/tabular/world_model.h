// A model of a world of countable states, as it was met so far: how often each action led where, and what it
// paid on average (Sutton & Barto 2018, section 8.2; exercise 8.5 for worlds of chance).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/action_mask.h"
#include "core/archive.h"
#include "core/random.h"

namespace agents {

class WorldModel {
 public:
  struct Arrival {
    int64_t next;
    double reward;  // mean of all that were paid on this way
    int64_t count;
    int32_t terminated;
    int32_t other;  // the next one of the same action in arrivals_; none: the last
  };
  struct Pair {
    int64_t state, action;
  };

  WorldModel(int64_t S, int64_t A, bool masked);

  // An action led to a state, where `next_mask` is possible.
  void observe(Pair pair, int64_t next, double reward, bool terminated, MaskRow next_mask);
  // One of the pairs that were met, each as likely; somewhere it has led to, as likely as it did.
  Pair draw_pair(core::Pcg64& random) const;
  const Arrival& draw_arrival(Pair pair, core::Pcg64& random) const;
  int64_t visits(Pair pair) const { return visits_[place(pair)]; }
  // f(pair) for those that were met, the latest first.
  template <class F>
  void each_pair_backwards(F&& f) const {
    for (auto pair = met_.rbegin(); pair != met_.rend(); ++pair) f(Pair{*pair / actions_, *pair % actions_});
  }
  // Of a pair that was met: the mean of value(arrival), each as often as it was.
  template <class F>
  double expected(Pair pair, F&& value) const {
    double sum = 0;
    for (int32_t k = first_[place(pair)]; k != none; k = arrivals_[static_cast<size_t>(k)].other) {
      const Arrival& to = arrivals_[static_cast<size_t>(k)];
      sum += static_cast<double>(to.count) * value(to);
    }
    return sum / static_cast<double>(visits(pair));
  }
  MaskRow mask(int64_t state) const { return masks_.empty() ? nullptr : masks_.data() + state * actions_; }
  void state(core::Archive& archive);

 private:
  static constexpr int32_t none = -1;

  size_t place(Pair pair) const { return static_cast<size_t>(pair.state * actions_ + pair.action); }
  Arrival& arrival(Pair pair, int64_t next, bool terminated);
  void check_chains() const;

  int64_t states_, actions_;
  std::vector<int32_t> first_;   // [S, A] its first arrival in arrivals_
  std::vector<int64_t> visits_;  // [S, A]
  std::vector<int64_t> met_;     // state * A + action of each pair that was met
  std::vector<Arrival> arrivals_;
  std::vector<uint8_t> masks_;  // [S, A], where the environment tells them
};

}  // namespace agents
