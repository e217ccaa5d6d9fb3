// atelier document: the page of all environments, from their table, with a picture of each.
#pragma once

#include <filesystem>

namespace commands {

// Writes folder/environments.md and folder/pictures/environments/ID.png. Exit code.
int document(const std::filesystem::path& folder);

}  // namespace commands
