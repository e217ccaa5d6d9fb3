#include "tests/envs/golden_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "tests/places.h"

namespace tests {

namespace {

std::string read_text(const std::filesystem::path& path) {  // gzread reads plain files too
  const gzFile file = gzopen(path.c_str(), "rb");
  core::check(file, "{}: cannot be opened", path.string());
  std::string text;
  char part[1 << 16];
  int got = 0;
  while ((got = gzread(file, part, sizeof part)) > 0) text.append(part, size_t(got));
  gzclose(file);
  core::check(got == 0, "{}: is not a whole gzip file", path.string());
  return text;
}

// Cells of one line; quotes hold commas together.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      all.emplace_back();
    else if (c != '\r')
      all.back() += c;
  }
  return all;
}

// Two of Gymnasium's arguments have longer names here.
std::string our_name(const std::string& argument) {
  return argument == "g" ? "gravity" : argument == "desc" ? "map" : argument;
}

}  // namespace

std::vector<std::filesystem::path> golden_paths() {
  const char* folder = std::getenv("ATELIER_GOLDEN");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(
           folder ? std::string(folder) : tests::repository() + "/tests/golden"))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

GoldenFile load_golden(const std::filesystem::path& path) {
  GoldenFile file;
  file.name = path.filename().string();
  file.name.erase(file.name.find(".csv"));
  std::istringstream text(read_text(path));
  std::string line;
  std::getline(text, line);
  file.columns = cells(line);
  while (std::getline(text, line))
    if (!line.empty() && line != "\r") file.rows.push_back(cells(line));
  core::check(!file.rows.empty(), "{}.csv: holds no row", file.name);
  for (size_t row = 0; row < file.rows.size(); ++row)
    core::check(file.rows[row].size() == file.columns.size(), "{}: expected {} cells, found {}",
                file.where(row), file.columns.size(), file.rows[row].size());
  file.options = core::Value::map();
  const auto json = path.parent_path() / (file.name + ".json");
  if (std::filesystem::exists(json)) {
    const core::Value root = core::parse_yaml(read_text(json), json.string());  // JSON is YAML
    const core::Value* id = root.find("id");
    core::check(id, "{}: lacks its id", json.string());
    file.id = id->scalar;
    if (const core::Value* options = root.find("options")) file.options = *options;
    for (auto& member : file.options.members) member.key = our_name(member.key);
    std::erase_if(file.options.members, [](const auto& member) { return member.value.is_null(); });
  }
  return file;
}

GoldenFile load_beside(const GoldenFile& file, const std::string& ending) {
  const std::string name = fmt::format("{}{}", file.name.substr(0, file.name.rfind('_') + 1), ending);
  for (const auto& path : golden_paths())
    if (path.filename().string().starts_with(name + ".csv")) return load_golden(path);
  core::fail("{}: {}.csv is not beside it", file.name, name);
}

size_t GoldenFile::column(const std::string& wanted) const {
  const auto found = std::find(columns.begin(), columns.end(), wanted);
  core::check(found != columns.end(), "{}: lacks the column '{}'", name, wanted);
  return size_t(found - columns.begin());
}

bool GoldenFile::has(const std::string& wanted) const {
  return std::find(columns.begin(), columns.end(), wanted) != columns.end();
}

size_t GoldenFile::count(const std::string& prefix) const {
  size_t k = 0;
  while (has(prefix + std::to_string(k))) ++k;
  return k;
}

double GoldenFile::number(size_t row, const std::string& wanted) const {
  const std::string& cell = text(row, wanted);
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  core::check(error == std::errc() && end == cell.data() + cell.size(),
              "{}, column '{}': expected a number, found '{}'", where(row), wanted, cell);
  return number;
}

std::vector<double> GoldenFile::numbers(size_t row, const std::string& prefix) const {
  std::vector<double> all;
  for (size_t k = 0; k < count(prefix); ++k) all.push_back(number(row, prefix + std::to_string(k)));
  return all;
}

std::vector<double> GoldenFile::action(size_t row) const {
  if (has("action")) return {number(row, "action")};
  return numbers(row, "a");
}

std::string GoldenFile::where(size_t row) const { return name + ".csv line " + std::to_string(row + 2); }

envs::Entry::Factory GoldenFile::factory(const envs::Entry& entry) const {
  auto factory = entry.factory();
  core::Fields fields;
  factory.fields(fields);
  core::read_fields(fields, options, name + ".json");
  return factory;
}

std::string letters(const std::string& name) {
  std::string all;
  for (const char c : name)
    if (std::isalnum(uint8_t(c))) all += char(std::tolower(uint8_t(c)));
  return all;
}

}  // namespace tests
