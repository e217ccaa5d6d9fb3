// Text of unknown origin, such as a name in a file or a path, as it can be shown: on a terminal, whose escape
// sequences would be obeyed, and wherever only UTF-8 may stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

// Whether line breaks and tabs stay, as in a message of several lines.
enum class Breaks { escaped, kept };

// Control characters, and those that turn the direction of writing, as \x1b or \u202e; what is not UTF-8 as
// U+FFFD.
std::string shown(std::string_view text, Breaks breaks = Breaks::escaped);
// The first bytes of it, cut between two characters, with "..." where there are more.
std::string shown_start(std::string_view text, size_t most = 80);
// Where the first such character stands, in bytes; nothing where all can be shown as they are.
std::optional<size_t> unprintable(std::string_view text, Breaks breaks = Breaks::escaped);

// From now on std::cout and std::cerr escape in this way where they are a terminal. What renews a line there
// passes by stdio.
void guard_terminal();

}  // namespace core
