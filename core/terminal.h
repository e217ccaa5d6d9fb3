// A line that renews itself at the foot of a terminal.
#pragma once

#include <string>
#include <vector>

namespace core {

// Whether a line can renew itself there: a dumb terminal, a file and a pipe show the characters that do it.
bool is_live(int file);
// Columns of the terminal; 80 where it does not say.
size_t width_of(int file);
// The parts with " | " between them in fewer than `columns` letters. Whole parts are left out where there are
// more: those from the back of `extras` first, then `last`; of `first` what stands before two blanks stays.
std::string fitted(const std::string& first, std::vector<std::string> extras, const std::string& last,
                   size_t columns);
// The same of a lasting line: where it cannot renew itself nobody breaks it.
size_t lasting_width_of(int file);
// The parts with `between` between them, where that takes `columns` letters or more in lines of their own,
// the later ones indented: of a lasting line nothing is given up.
std::string in_lines(const std::vector<std::string>& parts, size_t columns,
                     const std::string& between = " | ");
// "0:07", "1:02:03".
std::string clock(double seconds);

}  // namespace core
