// A sweep's file: its keys, ranges and rungs, and the trials that follow.
#include "core/sweep_plan.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_sweep(Bytes bytes) {
  const Held held(bytes);
  core::read_plan(held.path());
}

std::vector<std::string> sweep_seeds() {
  return {"experiment: x\nname: s\nkeys:\n  optim.lr: [1e-3, 1e-4]\n  net.hidden: [[8], [16, 16]]\n",
          "experiment: x\nmethod: random\ntrials: 3\nseed: 4\nkeys:\n  a: {min: 1e-5, max: 1, scale: log}\n"
          "  b: {min: 1, max: 9, whole: true}\n  c: ['x: y', \"z\"]\n",
          "experiment: x\nmethod: halving\ntrials: 4\nhalving: {unit: steps, budgets: [1, 2], keep: 0.5}\n"
          "keys: {k: [1, 2, 3]}\n"};
}

}  // namespace

Target sweep() { return {"sweep", read_sweep, sweep_seeds}; }

}  // namespace tests::fuzz
