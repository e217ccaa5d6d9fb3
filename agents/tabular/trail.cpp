#include "agents/tabular/trail.h"

#include "core/error.h"

namespace agents {

void Trail::state(core::Archive& archive, const TabularPlay& play) {
  archive("visits", visits_);
  archive("masks", masks_);
  archive.within("first", first_, size_t{0}, visits_.size() - 1);
  archive.within("size", size_, int64_t{0}, std::ssize(visits_) - 1);
  for (const Visit& visit : visits_)
    core::check(
        visit.state >= 0 && visit.state < play.states() && visit.action >= 0 && visit.action < play.actions(),
        "saved state 'trail' holds state {} and action {}, expected fewer than {} and {}", visit.state,
        visit.action, play.states(), play.actions());
}

}  // namespace agents
