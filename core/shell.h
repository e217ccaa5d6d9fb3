// Command lines that are told to people: a shell reads them back as they were meant.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace core {

std::string shell_word(const std::string& word);
// A path that begins with '-' is no option: "./-x".
std::string shell_path(const std::filesystem::path& path);
// What this program is called on a command line: "atelier", unless it was named otherwise when it began.
const std::string& program_name();
void name_program(const std::string& name);
// That name, and the words.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace core
