// Files of data, as their options name them.
#pragma once

#include <zlib.h>

#include <filesystem>
#include <string>

namespace core::formats {

// "table.csv: no such file, looked for in /home/ada": where a relative path begins is not written in it.
std::string absent(const std::filesystem::path& file, const std::string& kind = "file");
// Error unless it is a file with an end; `expected` as in "an IDX file".
void require_data(const std::filesystem::path& file, const std::string& expected);
// Error where zlib has come to no more bytes of `file` but by its end.
void require_end(gzFile_s* gz, const std::filesystem::path& file);

}  // namespace core::formats
