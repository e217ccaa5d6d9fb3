// A full disk is met before it is written to: half a file helps nobody.
#pragma once

#include <cstdint>
#include <filesystem>

namespace core {

// Error(failed) unless `bytes` and a reserve of 1 MiB are free where `folder` lies.
void require_space(const std::filesystem::path& folder, uint64_t bytes);

}  // namespace core
