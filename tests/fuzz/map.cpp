// Maps of one's own: a letter for each cell, a line for each row; lines that begin with '=' are rewards of
// letters. Read as GridWorld's and as FrozenLake's; one that is read is walked on.
#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "core/error.h"
#include "envs/gridworld/gridworld.h"
#include "envs/toy_text/frozenlake.h"
#include "tests/fuzz/targets.h"

namespace tests::fuzz {

namespace {

void read_map(Bytes bytes) {
  envs::GridWorldParams grid;
  envs::FrozenLakeParams lake;
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with('='))
      grid.letter_rewards.push_back(line.substr(1));
    else
      grid.map.push_back(line);
  lake.map = grid.map;
  core::check(!grid.map.empty(), "no map");
  const bool frozen = lake.map[0].find_first_of("FH") != std::string::npos;
  const envs::Transitions table = frozen ? envs::lake_transitions(lake) : envs::grid_transitions(grid);
  for (int64_t state = 0; state < table.states; ++state)
    for (int64_t action = 0; action < 4; ++action)
      for (const envs::Transition& to : table.of(state, action))
        if (to.next < 0 || to.next >= table.states) throw std::logic_error("a step off the map");
}

std::vector<std::string> map_seeds() {
  return {"SFFF\nFHFH\nFFFH\nHFFG\n", "...G\n.#.P\nS...\n", "S.a\n#bG\n=a -0.5\n=b 2\n"};
}

}  // namespace

Target map() { return {"map", read_map, map_seeds}; }

}  // namespace tests::fuzz
