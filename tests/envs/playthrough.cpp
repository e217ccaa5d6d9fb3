// Golden playthroughs: what every environment answers to the same actions, as text that a person can read. A
// change of rules, draws or spaces shows as a difference; ATELIER_REGENERATE=1 writes the files anew.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/places.h"

namespace tests::playthrough {

using tests::Batch;

namespace {

// A picture of small numbers: a hexadecimal digit for each, a dot for a cell of zeros, bars between columns.
std::string picture_text(const envs::Space& space, const std::byte* row) {
  std::string text;
  const int64_t depth = space.shape[2], column = depth * space.shape[1];
  for (int64_t k = 0; k < space.size(); k += depth) {
    std::string cell;
    for (int64_t d = 0; d < depth; ++d)
      cell += fmt::format("{:x}", int64_t(tests::element(space, row, size_t(k + d))));
    text += k == 0 ? "" : k % column == 0 ? " | " : " ";
    text += cell == std::string(size_t(depth), '0') ? "." : cell;
  }
  return text;
}

// A large picture as a person would tell it: eight by eight blocks, each the hexadecimal digit of its mean
// brightness, bars between rows. Coarse, as machines round differently.
std::string blocks_text(const envs::Space& space, const std::byte* row) {
  constexpr int64_t blocks = 8;
  const int64_t width = space.shape[1] * space.shape[2];
  std::string text;
  for (int64_t block = 0; block < blocks * blocks; ++block) {
    const int64_t y = block / blocks * space.shape[0], x = block % blocks * width;
    double sum = 0, count = 0;
    for (int64_t r = y / blocks; r < (y + space.shape[0]) / blocks; ++r)
      for (int64_t c = x / blocks; c < (x + width) / blocks; ++c, ++count)
        sum += tests::element(space, row, size_t(r * width + c));
    text += block > 0 && block % blocks == 0 ? "|" : "";
    text += fmt::format("{:x}", int(sum / count / 16));
  }
  return text;
}

// Six digits for exact (libm may differ in the last bit between machines), all nine for fast (it has its own
// sine).
std::string row_text(const envs::Space& space, const std::byte* row, bool exact) {
  std::vector<std::string> texts;
  for (const auto& [name, part] : space.parts) {
    texts.push_back(name + " " + row_text(part, row, exact));
    row += part.bytes();
  }
  if (!texts.empty()) return fmt::format("{}", fmt::join(texts, "; "));
  if (space.bytes() > 10'000) return blocks_text(space, row);
  if (space.shape.size() == 3) return picture_text(space, row);
  for (size_t k = 0; k < size_t(space.size()); ++k) {
    const double x = tests::element(space, row, k);
    texts.push_back(exact ? fmt::format("{:.6g}", x + 0.0) : fmt::format("{:.9g}", x));
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string action_text(const Batch& batch) {
  if (batch.envs->spec().action.kind != envs::Space::Kind::box)
    return fmt::format("{}", fmt::join(batch.discrete, " "));
  return fmt::format("{:.6g}", fmt::join(batch.continuous, " "));
}

// FNV-1a over everything that 16 environments answer in 500 steps: one number that moves when any bit does.
uint64_t signature(const envs::Entry& entry, const std::string& precision) {
  Batch batch(entry, precision, 16);
  core::Pcg64 random(1);
  batch.reset(1);
  uint64_t hash = 0xcbf29ce484222325;
  for (int t = 0; t < 500; ++t) {
    batch.draw_actions(random);
    batch.step();
    for (const char byte : batch.answers()) hash = (hash ^ uint8_t(byte)) * 0x100000001b3;
  }
  return hash;
}

std::string play(const envs::Entry& entry, const std::string& precision) {
  Batch batch(entry, precision, 1);
  const envs::Spec& spec = batch.envs->spec();
  const bool exact = precision == "exact";
  core::Pcg64 random(7);
  batch.reset(123);
  std::string text = fmt::format("\n{}, seed 123\nreset: {}\n", precision,
                                 row_text(spec.observation, batch.obs.data(), exact));
  for (int t = 1; t <= 30; ++t) {
    batch.draw_actions(random);
    batch.step();
    text +=
        fmt::format("action {}: {}, reward {:.6g}\n", action_text(batch),
                    row_text(spec.observation, (batch.ended(0) ? batch.final_obs : batch.obs).data(), exact),
                    batch.reward[0]);
    if (batch.ended(0))
      text += fmt::format("{} after {} steps, return {:.6g}; reset: {}\n",
                          batch.terminated[0] ? "terminated" : "truncated", batch.lengths[0],
                          batch.returns[0], row_text(spec.observation, batch.obs.data(), exact));
  }
  return text;
}

std::string playthrough(const envs::Entry& entry) {
  const auto envs = entry.factory().make(1, "exact", std::nullopt);
  const envs::Spec& spec = envs->spec();
  std::string text =
      fmt::format("{}: {}\nobservation {}\naction {}\ntime limit {}\nthreshold {}\n", entry.name,
                  entry.sentence, spec.observation.str(), spec.action.str(), spec.max_episode_steps,
                  spec.reward_threshold ? fmt::format("{}", *spec.reward_threshold) : "none");
  for (const std::string& precision : entry.precisions) text += play(entry, precision);
  if (entry.precisions.back() == "fast")
    text += fmt::format("\nsignature, fast: {:016x}\n", signature(entry, "fast"));
  return text;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("every environment plays as its golden playthrough says", "[envs][playthrough]") {
  for (const envs::Entry& entry : envs::all()) {
    const std::filesystem::path path = tests::repository() + "/tests/golden/" + entry.name + ".txt";
    const std::string text = playthrough(entry);
    if (std::getenv("ATELIER_REGENERATE")) {
      std::filesystem::create_directories(path.parent_path());  // ids may have slashes
      std::ofstream(path) << text;
    }
    INFO(path.filename().string());
    std::ifstream file(path);
    CHECK(file.is_open());
    std::stringstream golden;
    golden << file.rdbuf();
    const auto expected = lines(golden.str()), found = lines(text);
    CHECK(found.size() == expected.size());
    for (size_t k = 0; k < std::min(found.size(), expected.size()); ++k) {
      INFO("line " << k + 1);
      CHECK(found[k] == expected[k]);
    }
  }
}

}  // namespace tests::playthrough
