// A table of words for the terminal.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "render/statistics.h"

namespace render {

// The first row is the head; columns of words stand left, columns of numbers right. UTF-8.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

// Four significant digits; from a thousand on, and whole numbers, without a point.
std::string short_number(double value);
// "250k", "1.2M".
std::string short_count(int64_t count);
// "497.3 [495.1, 499.5]"; without the bracket for fewer than fewest_seeds values, "-" for none.
std::string short_interval(const Interval& interval);
// "28 s", "3:05", "2:14:09".
std::string short_time(double seconds);

}  // namespace render
