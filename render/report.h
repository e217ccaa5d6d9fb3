// `atelier report`: what runs did, as a table in the terminal and as one HTML file that needs no network.
#pragma once

#include <filesystem>
#include <optional>
#include <ostream>
#include <vector>

namespace render {

// `runs`: run folders or folders of seeds; grouped by config, the seed aside. The table goes to `out`; `html`
// is written whole or not at all. Error when no run can be read or the file cannot be written. What else is
// missing (gnuplot, one torn run of several, an episode that cannot be drawn) is said and passed over.
void report(const std::vector<std::filesystem::path>& runs, const std::optional<std::filesystem::path>& html,
            std::ostream& out);

}  // namespace render
