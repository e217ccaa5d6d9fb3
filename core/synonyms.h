// What other libraries call a thing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

// Our words for `word` of Stable-Baselines3, CleanRL, PyTorch, Keras or rl-zoo3, the likeliest first; empty
// when it is none of theirs. A word with a dot is a whole key ("optim.lr"), one without stands in any
// section.
std::vector<std::string> synonyms(std::string_view word);

}  // namespace core
