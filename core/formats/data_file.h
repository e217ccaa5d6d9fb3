// Files of data, as their options name them.
#pragma once

#include <filesystem>
#include <string>

namespace core::formats {

// "table.csv: no such file, looked for in /home/ada": where a relative path begins is not written in it.
std::string absent(const std::filesystem::path& file, const std::string& kind = "file");
// Error unless it is a file with an end; `expected` as in "an IDX file".
void require_data(const std::filesystem::path& file, const std::string& expected);

}  // namespace core::formats
