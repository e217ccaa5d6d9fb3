// What logging costs.
#pragma once

#include <filesystem>

namespace bench {

// CPU seconds of cartpole_reinforce with a row at every step and with none at all, side by side, median of 5
// pairs. `programs`: the folder of atelier-torch; `experiment`: the file. Returns the exit code.
int logging(const std::filesystem::path& programs, const std::filesystem::path& experiment, bool json);

}  // namespace bench
