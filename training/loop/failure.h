// Errors of LibTorch, which carry a trace of its own calls, in words for a user.
#pragma once

#include <exception>
#include <string>

namespace training {

std::string sentence(const std::exception& error);  // its first line, without places in LibTorch's source
bool is_out_of_memory(const std::exception& error);

}  // namespace training
