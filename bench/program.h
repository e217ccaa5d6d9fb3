// What a run of the program costs, as its user runs it.
#pragma once

#include <string>
#include <vector>

namespace bench {

// CPU seconds, user and system, of one run of atelier-torch with these words after its name; its output is
// dropped. Error when it fails.
double cpu_seconds(const std::vector<std::string>& words);

}  // namespace bench
