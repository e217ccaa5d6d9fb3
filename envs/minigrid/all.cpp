// MiniGrid: a row for each level.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/minigrid/minigrid.h"

namespace envs {

std::vector<Entry> minigrid_levels() {
  std::vector<Entry> rows;
  for (const minigrid::Level& level : minigrid::levels())
    rows.push_back(
        objects<MiniGrid>({level.id, level.sentence,
                           "https://minigrid.farama.org/environments/minigrid/" + level.page, level.limit},
                          {.level = &level}));
  return rows;
}

}  // namespace envs
