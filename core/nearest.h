// The name a user probably meant: smallest edit distance among the known ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

// Letters to change, add, drop or swap with their neighbour, case-insensitive (optimal string alignment).
size_t edit_distance(std::string_view a, std::string_view b);

// The known name nearest to `word`, or "" when none is within half of its length (of a version, such as -v1,
// the newest).
std::string nearest(std::string_view word, const std::vector<std::string>& known);

// ", the nearest here is 'x'" by meaning (core/synonyms.h), else ", did you mean 'x'?" by spelling or
// because the word is a part of it, or, when nothing is near, "; known: a, b, c".
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace core
