// A trained policy that plays live for the viewer: a sibling program records one episode for each that is
// wanted.
#pragma once

#include <cstdint>
#include <string>

#include "render/reel.h"

namespace experiments {

// Episode k is played greedily from reset(seed + k) by the run's best.h5 or last.h5 of that moment. Waits for
// the first `wanted`; ends this program with the sibling's exit code when it cannot play (the sibling has
// said why).
render::Reel performed(const std::string& run, const std::string& policy, int64_t seed, int64_t wanted);

}  // namespace experiments
