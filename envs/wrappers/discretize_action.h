// A Box of actions as a choice of bins.
#pragma once

#include <vector>

#include "core/options.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// Every number of an action is one of `bins` equal parts of its bounds, and stands for that part's centre or,
// with ends, for one of `bins` values from bound to bound. Discrete(bins^A), the last number changing first,
// as Gymnasium's DiscretizeAction; with joint: false MultiDiscrete([bins] * A) (Tang & Agrawal 2020,
// Discretizing continuous action space).
struct DiscretizeAction {
  struct Params {
    int64_t bins = 5;
    bool ends = false, joint = true;
    void fields(core::Fields& f) {
      f.add("bins", bins, "Of each number of an action", {.min = 2, .max = 10000});
      f.add("ends", ends,
            "The first and the last bin stand for the bounds themselves, not for centres of parts");
      f.add("joint", joint, "One choice of all numbers together; false: a choice for each number");
    }
  };
  DiscretizeAction(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  Actions act(const Actions& actions);

 private:
  Space bounds_;
  int64_t bins_, choices_;      // choices: what one number of the new action may be
  size_t n_, width_, numbers_;  // environments, numbers of an action inside, and outside
  Spec outer_;
  std::vector<float> values_;      // [A, bins]
  std::vector<float> continuous_;  // [N, A]
};

}  // namespace envs
