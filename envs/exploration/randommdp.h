// RandomMDP: a decision process that is drawn from a seed, of given size and branching. Garnets: Archibald,
// McKinnon & Thomas (1995); Bhatnagar, Sutton, Ghavamzadeh & Lee (2009).
#pragma once

#include "core/options.h"
#include "envs/tabular.h"

namespace envs {

struct RandomMdpParams {
  int64_t states = 20, actions = 4, branching = 3, mdp_seed = 0;

  void fields(core::Fields& f) {
    f.add("states", states, "How many there are", {.min = 2, .max = 1e4});
    f.add("actions", actions, "How many there are", {.min = 1, .max = 100});
    f.add("branching", branching, "States to which an action may lead; not more than there are",
          {.min = 1, .max = 3});
    f.add("mdp_seed", mdp_seed, "Transitions and rewards are drawn from this", {.min = 0});
  }
};

// Each action of each state has a reward, uniform in 0 .. 1, and leads to `branching` different states, whose
// probabilities are the parts into which as many cuts less one, uniform too, divide 0 .. 1. Begun anywhere.
Transitions random_transitions(const RandomMdpParams& params);

class RandomPlan {
 public:
  using Params = RandomMdpParams;
  explicit RandomPlan(const Params& params) : table_(random_transitions(params)) {}
  const Transitions& table() const { return table_; }
  void draw(int64_t state, core::Canvas& canvas) const;

 private:
  Transitions table_;
};

template <class Math>
using RandomMdp = Tabular<Math, RandomPlan>;

}  // namespace envs
