// Everything that `list`, `describe` and key suggestions need to know, in one JSON file beside the programs:
// written by the program with LibTorch at build time, read by the one without.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace commands {

nlohmann::json described_tables();
void write_tables(const std::filesystem::path& file);

}  // namespace commands
