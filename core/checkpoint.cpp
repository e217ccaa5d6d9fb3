#include "core/checkpoint.h"

#include <fmt/ranges.h>

#include "core/error.h"

namespace core::checkpoint {

h5::File open(const std::filesystem::path& path) {
  h5::File file = h5::File::open(path);
  const bool ours = file.has("/", "format") && file.text("/", "format") == "atelier-checkpoint";
  check(ours, "{}: is no checkpoint of Atelier", file.name());
  const int64_t version = file.whole("/", "format_version");
  check(version <= format_version, "{}: was written by a newer Atelier (format {}, this one reads up to {})",
        file.name(), version, format_version);
  file.require_seal();
  return file;
}

std::string signature(const h5::Info& info) {
  return fmt::format("{} [{}]", info.dtype, fmt::join(info.shape, ", "));
}

void compare(const h5::File& file, std::map<std::string, std::string> expected,
             const std::vector<std::string>& groups) {
  std::vector<std::string> found, lines;
  for (const auto& group : groups)
    for (auto& path : file.datasets(group)) found.push_back(std::move(path));
  for (const auto& [path, wanted] : expected)  // archives, which check themselves, stand under /buffers, too
    if (path.starts_with("/buffers/") && file.exists(path)) found.push_back(path);
  for (const auto& path : found) {
    const auto match = expected.find(path);
    const std::string held = signature(file.info(path));
    if (match == expected.end())
      lines.push_back(fmt::format("  {}: only in the file ({})", path, held));
    else if (match->second != held)
      lines.push_back(fmt::format("  {}: expected {}, found {}", path, match->second, held));
    if (match != expected.end()) expected.erase(match);
  }
  for (const auto& [path, held] : expected)
    lines.push_back(fmt::format("  {}: missing in the file (expected {})", path, held));
  if (lines.size() > 12) {
    lines.resize(12);
    lines.push_back("  ...");
  }
  check(lines.empty(), "{}: does not fit this learner:\n{}", file.name(), fmt::join(lines, "\n"));
}

int64_t counted(const h5::File& file, const std::string& counter) {
  const int64_t count = file.whole("/counters", counter);
  check(count >= -1 && count < int64_t{1} << 53, "{}: the counter '{}' stands at {}", file.name(), counter,
        count);
  return count;
}

double seconds(const h5::File& file, const std::string& counter) {
  const double s = file.number("/counters", counter);
  check(s >= 0 && s < 1e12, "{}: the counter '{}' stands at {} seconds", file.name(), counter, s);
  return s;
}

int64_t owed(const h5::File& file) {
  const int64_t looks = file.has("/counters", "owed") ? file.whole("/counters", "owed") : 0;
  check(looks >= 0 && looks <= 3, "{}: the counter 'owed' stands at {}", file.name(), looks);
  return looks;
}

static std::string name_below(const std::string& group, const std::string& path) {
  return path.substr(group.size() + 1);
}

std::map<std::string, Tally> tallies(const h5::File& file) {
  std::map<std::string, Tally> all;
  for (const auto& path : file.datasets("/tallies")) {
    const auto held = file.read<double>(path, {2});
    check(held[1] >= 0 && held[1] < 1e15, "{}: '{}' counts {} values", file.name(), path, held[1]);
    all[name_below("/tallies", path)] = {held[0], static_cast<int64_t>(held[1])};
  }
  return all;
}

std::map<std::string, int64_t> logged(const h5::File& file) {
  std::map<std::string, int64_t> all;
  for (const auto& path : file.datasets("/logged")) {
    const int64_t count = file.read<int64_t>(path, {1})[0];
    check(count >= 0, "{}: '{}' counts {} rows", file.name(), path, count);
    all[name_below("/logged", path)] = count;
  }
  return all;
}

Archive archive_of(const h5::File& file, const std::string& group) {
  std::map<std::string, std::vector<uint8_t>> blobs;
  for (const auto& name : file.children(group)) blobs[name] = file.read<uint8_t>(group + "/" + name);
  return Archive(std::move(blobs));
}

}  // namespace core::checkpoint
