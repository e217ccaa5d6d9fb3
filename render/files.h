// Files that are whole or not there.
#pragma once

#include <filesystem>
#include <string_view>

namespace render {

// Into a temporary file beside it, then renamed. Error when the folder does not take it.
void replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace render
