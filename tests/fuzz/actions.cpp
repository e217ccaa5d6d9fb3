// Actions to be played, whole ones and others.
#include "core/formats/actions.h"

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_actions(Bytes bytes) {
  const Held held(bytes);
  const bool two = std::string(bytes.begin(), bytes.end()).find("a1") != std::string::npos;
  core::formats::read_actions(held.path(), two ? 2 : 1, !two);
}

std::vector<std::string> actions_seeds() {
  return {"0\n1\n1\n0\n", "a0,a1\n0.5,-1\n1e-3,2\n",
          "seed,episode,t,action,o0,reward,terminated,truncated\n7,0,-1,,0.5,,,\n7,0,0,1,0.25,1.0,0,0\n",
          "seed,episode,t,a0,a1,o0,reward\n0,0,-1,,,0.5,\n0,0,0,0.5,0.25,1.0,0\n"};
}

}  // namespace

Target actions() { return {"actions", read_actions, actions_seeds}; }

}  // namespace tests::fuzz
