// Paths as people write them and as tools read them, and what the file system says of one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace core {

// With its dot, in lower case: ".mp4" of FILM.MP4.
std::string ending(const std::filesystem::path& file);

// Error where `option` names a file of another kind: "--svg c.png: expected an ending .svg".
void check_ending(const std::filesystem::path& file, const std::string& option, const std::string& wanted);

// Whether a text from a file can name one file or folder where it is put: no path, nothing above.
bool is_one_name(const std::string& text);

// As a word for another program, which would take -film.mp4 for an option and a:b.mp4 for a protocol.
std::string as_word(const std::filesystem::path& file);

// For temporary files; Error where TMPDIR names no folder.
std::filesystem::path temporary_folder();
// Error unless it is a regular file, or a link to one: a pipe or a device may have no end. `expected` says
// what kind of file, as in "a YAML file".
void require_file(const std::filesystem::path& file, const std::string& expected);
// All of such a file; Error where it cannot be read or takes more than `most` bytes.
std::string read_file(const std::filesystem::path& file, const std::string& expected, uint64_t most);

// Error where a pipe, a device or a folder lies where a file is to be: a pipe waits for its reader.
void require_no_special(const std::filesystem::path& file);
// Error where what would be written in place at `file` is another's, too: a link, or a file of several names.
void require_own(const std::filesystem::path& file);

// "PATH: why".
std::string message(const std::filesystem::filesystem_error& error);

}  // namespace core
