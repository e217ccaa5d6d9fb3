#include "commands/list.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "commands/places.h"
#include "core/error.h"
#include "core/nearest.h"
#include "core/terminal.h"

namespace commands {

using nlohmann::json;

static constexpr std::array kinds{"envs", "wrappers", "agents", "models", "data"};

static MakeTables& maker() {
  static MakeTables make = nullptr;
  return make;
}

void use_tables(MakeTables make) { maker() = make; }

static json load_tables() {
  if (maker()) return maker()();
  const std::filesystem::path file = program_folder() / "tables.json";
  std::ifstream in(file);
  if (!in)
    throw core::Error(file.string() + ": is missing (was the program built?)", core::Exit::missing_package);
  return json::parse(in);
}

using Line = std::pair<std::string, std::string>;  // a name and its sentence

// Up to its first full stop: one that a capital follows, for "et al. 2014" has none.
static std::string first_sentence(const std::string& text) {
  for (size_t stop = text.find(". "); stop != std::string::npos; stop = text.find(". ", stop + 1))
    if (stop + 2 < text.size() && std::isupper(static_cast<unsigned char>(text[stop + 2])) != 0)
      return text.substr(0, stop + 1);
  return text;
}

// The comment that an experiment file begins with, as far as it is one paragraph.
static std::string opening_comment(std::istream& in) {
  std::string comment, line;
  while (std::getline(in, line) && line.rfind("# ", 0) == 0 && line.size() > 2 && line[2] != ' ')
    comment += (comment.empty() ? "" : " ") + line.substr(2);
  if (comment.ends_with(':')) comment.back() = '.';
  return comment;
}

static std::vector<Line> experiments_listed() {
  std::vector<Line> lines;
  for (const auto& file : shipped_experiments()) {
    std::ifstream in(file);
    lines.emplace_back(file.lexically_relative(home()).string(), first_sentence(opening_comment(in)));
  }
  return lines;
}

// The text in lines of at most `room` letters, whole words, the later ones `indent` blanks in.
static std::string wrapped(const std::string& text, size_t room, size_t indent) {
  std::string lines;
  size_t filled = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (filled > 0 && filled + 1 + word.size() > room) {
      lines += '\n' + std::string(indent, ' ');
      filled = 0;
    }
    lines += (filled > 0 ? " " : "") + word;
    filled += (filled > 0 ? 1 : 0) + word.size();
  }
  return lines;
}

// Columns on a terminal, sentences wrapped at its width, and beneath the names where little is left beside
// them; name, tab, sentence for a program.
static void print_lines(const std::vector<Line>& lines) {
  if (::isatty(STDOUT_FILENO) == 0) {
    for (const auto& [name, sentence] : lines) std::cout << name << '\t' << sentence << '\n';
    return;
  }
  size_t wide = 0;
  for (const auto& [name, sentence] : lines) wide = std::max(wide, name.size());
  const size_t columns = core::width_of(STDOUT_FILENO);
  const bool beside = columns >= wide + 2 + 30;
  const size_t indent = beside ? wide + 2 : 4, room = std::max<size_t>(columns, indent + 10) - indent;
  for (const auto& [name, sentence] : lines) {
    const std::string gap = beside ? std::string(indent - name.size(), ' ') : "\n" + std::string(indent, ' ');
    std::cout << name << (sentence.empty() ? "" : gap + wrapped(sentence, room, indent)) << '\n';
  }
}

int list(const std::string& kind) {
  const json tables = kind == "experiments" ? json() : load_tables();
  for (const std::string each : kinds) {
    if (!kind.empty() && kind != each) continue;
    if (kind.empty()) std::cout << each << ":\n";
    std::vector<Line> lines;
    for (const auto& entry : tables.at(each)) lines.emplace_back(entry.at("name"), entry.at("sentence"));
    print_lines(lines);
  }
  if (kind.empty()) std::cout << "experiments:\n";
  if (kind.empty() || kind == "experiments") print_lines(experiments_listed());
  return 0;
}

static void print_options(const json& options) {
  for (const auto& row : options) {
    const auto text = [&](const char* key) { return row.at(key).get<std::string>(); };
    if (text("type") == "section") continue;
    std::string limits = text("range");
    if (!text("unit").empty()) limits += (limits.empty() ? "" : " ") + ("[" + text("unit") + "]");
    std::cout << fmt::format("  {:<32} {:<12} {}{}\n", text("name"),
                             text("default").empty() ? "-" : text("default"), text("sentence"),
                             limits.empty() ? "" : "  (" + limits + ")");
  }
}

static void print_entry(const json& entry, const std::string& kind) {
  const auto text = [&](const char* key) { return entry.at(key).get<std::string>(); };
  std::cout << fmt::format("{} ({}): {}\n", text("name"), kind, text("sentence"));
  if (!text("source").empty()) std::cout << "Source: " << text("source") << '\n';
  if (entry.contains("observation")) {
    const auto limit = entry.at("max_episode_steps").get<int64_t>();
    std::cout << fmt::format("Observation: {}\nAction: {}\nTime limit: {}\n", text("observation"),
                             text("action"), limit > 0 ? fmt::format("{} steps", limit) : "none");
    if (!entry.at("reward_threshold").is_null())
      std::cout << fmt::format("Solved at a mean return of {:g}\n",
                               entry.at("reward_threshold").get<double>());
  }
  std::cout << "\nOptions (name, default, meaning):\n";
  print_options(entry.at("options"));
  if (!entry.contains("metrics")) return;
  std::cout << "\nMetrics:\n";
  for (const auto& m : entry.at("metrics")) {
    const auto of = [&](const char* key) { return m.at(key).get<std::string>(); };
    std::cout << fmt::format("  {:<32} {}{}{}\n", of("name"), of("sentence"),
                             of("better").empty() ? "" : "; " + of("better") + " is better",
                             of("unit").empty() ? "" : " [" + of("unit") + "]");
  }
}

static void print_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  core::check(in.good(), "{}: cannot be read", file.string());
  std::cout << in.rdbuf();
}

// Of an experiment its file says all, comments first.
static bool describe_experiment(const std::string& name) {
  const std::filesystem::path given = name;
  const bool is_yaml = given.extension() == ".yaml" && std::filesystem::is_regular_file(given);
  const std::filesystem::path file = is_yaml ? given : shipped_experiment(given.stem().string());
  if (file.empty()) return false;
  std::cout << fmt::format("{} (experiment), {}:\n\n", file.stem().string(), file.string());
  print_file(file);
  return true;
}

int describe(const std::string& name) {
  const json tables = load_tables();
  if (name == "experiment") {
    print_file(home() / "docs/experiment-file.md");
    std::cout << "\nOptions that every experiment has (name, default, meaning):\n";
    print_options(tables.at("experiment"));
    return 0;
  }
  std::vector<std::string> known{"experiment"};
  bool found = false;
  for (const std::string kind : kinds)
    for (const auto& entry : tables.at(kind)) {
      known.push_back(entry.at("name").get<std::string>());
      if (known.back() != name) continue;
      if (found) std::cout << '\n';
      print_entry(entry, kind == "data" ? kind : kind.substr(0, kind.size() - 1));
      found = true;
    }
  if (!found && describe_experiment(name)) return 0;
  for (const auto& file : shipped_experiments()) known.push_back(file.stem().string());
  core::check(found, "unknown name '{}'{}", name, core::suggestion(name, known));
  return 0;
}

}  // namespace commands
