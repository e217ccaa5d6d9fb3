#include "core/shell.h"

namespace core {

std::string shell_word(const std::string& word) {
  static constexpr const char* plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + "'";
}

std::string shell_path(const std::filesystem::path& path) {
  const std::string text = path.string();
  return shell_word(text.starts_with('-') ? "./" + text : text);
}

static std::string& named() {
  static std::string name = "atelier";
  return name;
}

const std::string& program_name() { return named(); }

void name_program(const std::string& name) { named() = shell_path(name); }

std::string shell_line(const std::vector<std::string>& words) {
  std::string line = program_name();
  for (const std::string& word : words) line += " " + shell_word(word);
  return line;
}

}  // namespace core
