// What a trained run shows the viewer afresh: a sibling program records one episode for each that is wanted,
// or draws a model's pictures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "render/reel.h"

namespace commands {

// Episode k is played greedily from reset(seed + k) by the run's best.h5 or last.h5 of that moment. Waits for
// the first `wanted`; ends this program with the sibling's exit code when it cannot play (the sibling has
// said why).
render::Reel performed(const std::filesystem::path& run, const std::string& policy, int64_t seed,
                       int64_t wanted);
// A model that has recorded no pictures draws some with this checkpoint: a run folder that holds them alone,
// and goes away with its last owner.
std::shared_ptr<const std::filesystem::path> drawn(const std::filesystem::path& run,
                                                   const std::string& policy, int64_t seed);

}  // namespace commands
