// Texts in UTF-8, as code points.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace core::formats {

// The Unicode code points of UTF-8 bytes. An Error says which byte of `where` is none, and
// in which line it stands.
std::u32string code_points(const std::string& bytes, const std::string& where);
std::string utf8(char32_t code_point);

// The files that a path stands for: itself, or of a folder, in alphabetical order, all plain files but links,
// hidden ones and the index files (.dat) that stand beside fortunes.
std::vector<std::filesystem::path> text_files(const std::filesystem::path& path);

// All of them, one after another: without byte order marks, CR LF and CR as LF, which the note says.
std::u32string read_text(const std::filesystem::path& path, std::string& note);
// The same as bytes, which need be no UTF-8.
std::string read_bytes(const std::filesystem::path& path, std::string& note);

}  // namespace core::formats
