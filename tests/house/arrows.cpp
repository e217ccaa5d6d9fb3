// Who may include whom. The compiler enforces most of it; this also catches system headers and says it in
// words.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/catch.h"
#include "tests/house/sources.h"

namespace tests::arrows {

namespace {

using Folders = std::set<std::string>;

// Quoted includes: the folders that each folder may reach. tests, bench and examples may include everything.
const std::map<std::string, Folders>& reachable() {
  static const std::map<std::string, Folders> table{
      {"core", {"core"}},
      {"envs", {"core", "envs"}},
      {"training", {"core", "training"}},
      {"agents", {"core", "envs", "training", "agents"}},
      {"generative", {"core", "training", "generative"}},
      {"supervised", {"core", "training", "supervised"}},
      {"render", {"core", "envs", "render"}},
      {"analysis", {"core", "render", "analysis"}},
      {"commands",
       {"core", "envs", "training", "agents", "generative", "supervised", "render", "analysis", "commands"}}};
  return table;
}

// Libraries: the only folders that may include their headers.
const std::map<std::string, Folders>& tenants() {
  static const std::map<std::string, Folders> table{
      {"torch", {"training", "agents", "generative", "supervised", "commands", "tests", "bench", "examples"}},
      {"ATen", {"training", "agents", "generative", "supervised", "commands", "tests", "bench", "examples"}},
      {"SFML", {"render"}},
      {"cairo", {"render"}},
      {"box2d", {"envs", "tests"}},
      {"yaml-cpp", {"core", "tests"}},
      {"CLI", {"commands"}}};
  return table;
}

// Calls visit(target, quoted) for each include line; target is the part before the first slash or dot.
template <class Visit>
void each_include(const house::Source& source, Visit visit) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^/".>]+)[^">]*[">])re");
  for (const std::string& line : source.lines)
    if (std::smatch match; std::regex_search(line, match, pattern)) visit(match[2].str(), match[1] == "\"");
}

}  // namespace

TEST_CASE("a folder includes only the folders that the floor plan lets it see", "[house]") {
  for (const house::Source& source : house::sources()) {
    const auto allowed = reachable().find(source.folder);
    if (allowed == reachable().end()) continue;
    each_include(source, [&](const std::string& target, bool quoted) {
      INFO(source.path.string() << " includes \"" << target << "/...\"");
      CHECK((!quoted || allowed->second.contains(target)));
    });
  }
}

TEST_CASE("a library's headers stay in the folders that own it", "[house]") {
  for (const house::Source& source : house::sources())
    each_include(source, [&](const std::string& target, bool quoted) {
      const auto owners = tenants().find(target);
      if (quoted || owners == tenants().end()) return;
      INFO(source.path.string() << " includes <" << target << "...>");
      CHECK(owners->second.contains(source.folder));
    });
}

// Gradients from scratch are worth little if LibTorch is beneath them.
TEST_CASE("our own autograd knows no LibTorch", "[house]") {
  int looked_at = 0;
  for (const house::Source& source : house::sources()) {
    if (!source.path.string().starts_with("supervised/scratch/")) continue;
    ++looked_at;
    INFO(source.path.string());
    each_include(source, [](const std::string& target, bool quoted) {
      CHECK((quoted ? target == "core" || target == "supervised" : target != "torch" && target != "ATen"));
    });
    for (const std::string& line : source.lines)
      CHECK((line.find("#include \"supervised/") == std::string::npos ||
             line.find("#include \"supervised/scratch/") != std::string::npos));
  }
  CHECK(looked_at > 5);
}

// Searches copy boards by the million: only what makes an environment of one sees environments.
TEST_CASE("boards for two and their players know no environments", "[house]") {
  int looked_at = 0;
  for (const house::Source& source : house::sources()) {
    const std::string path = source.path.string(), name = source.path.filename().string();
    if (!path.starts_with("envs/games/") || name == "all.cpp" || name == "versus.h") continue;
    ++looked_at;
    INFO(path);
    for (const char* known : {"envs.h", "entry.h", "objects.h"})
      CHECK(std::ranges::find(source.lines, fmt::format("#include \"envs/{}\"", known)) ==
            source.lines.end());
  }
  CHECK(looked_at > 5);
}

TEST_CASE("nobody but tests and speed programs includes the command line", "[house]") {
  for (const house::Source& source : house::sources()) {
    if (source.folder == "commands" || source.folder == "tests" || source.folder == "bench") continue;
    each_include(source, [&](const std::string& target, bool quoted) {
      INFO(source.path.string());
      CHECK_FALSE((quoted && target == "commands"));
    });
  }
}

}  // namespace tests::arrows
