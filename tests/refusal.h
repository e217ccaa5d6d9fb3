// The message with which something is refused, the same under Catch2 v2 and v3.
#pragma once

#include <string>

#include "core/error.h"

// The core::Error that `attempt` throws, or "" when it throws none.
template <class F>
std::string refusal(F&& attempt) {
  try {
    attempt();
  } catch (const core::Error& error) {
    return error.what();
  }
  return "";
}
