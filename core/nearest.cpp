#include "core/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "core/synonyms.h"

namespace core {

static constexpr size_t most_told = 20, few_told = 8;  // of known names: a longer list is a wall

static char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

static bool alike(char a, char b) { return lower(a) == lower(b); }

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before, last(b.size() + 1),
      now(b.size() + 1);  // rows of a's first i - 2, i - 1, i letters
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = last[j - 1] + (alike(a[i - 1], b[j - 1]) ? 0 : 1);
      now[j] = std::min({substitute, last[j] + 1, now[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && alike(a[i - 1], b[j - 2]) && alike(a[i - 2], b[j - 1]);
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = std::exchange(last, now);
  }
  return last.back();
}

namespace {

// "CartPole-v1" as its name and its version; -1 where it has none.
struct Versioned {
  std::string_view name;
  int version = -1;
};

Versioned versioned(std::string_view word) {
  const size_t dash = word.rfind("-v");
  if (dash == std::string_view::npos || dash + 2 == word.size()) return {word, -1};
  const std::string digits(word.substr(dash + 2));
  if (digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string::npos) return {word, -1};
  return {word.substr(0, dash), std::atoi(digits.c_str())};
}

}  // namespace

// Of a word of three letters another one with two changed is no likeness.
std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::string_view plain = versioned(word).name;
  std::string best;
  size_t best_distance = (plain.size() <= 3 ? 1 : std::max<size_t>(2, plain.size() / 2)) + 1;
  for (const auto& name : known) {
    const auto [other, version] = versioned(name);
    const size_t d = edit_distance(plain, other);
    const bool newer = !best.empty() && d == best_distance && version > versioned(best).version &&
                       edit_distance(other, versioned(best).name) == 0;
    if (d < best_distance || newer) {
      best_distance = d;
      best = name;
    }
  }
  return best;
}

// The shortest known name that the word is a part of, such as ucb1_bandit of ucb; two letters are in too
// many.
static std::string containing(std::string_view word, const std::vector<std::string>& known) {
  std::string shortest;
  for (const std::string& name : known)
    if (word.size() > 2 && name.find(word) != std::string::npos &&
        (shortest.empty() || name.size() < shortest.size()))
      shortest = name;
  return shortest;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  for (const std::string& ours : synonyms(word))
    if (std::find(known.begin(), known.end(), ours) != known.end())
      return fmt::format(", the nearest here is '{}'", ours);
  const std::string near = nearest(word, known), longer = containing(word, known);
  const bool far = near.empty() || 2 * edit_distance(word, near) >= word.size();
  if (const std::string& name = far && !longer.empty() ? longer : near; !name.empty())
    return fmt::format(", did you mean '{}'?", name);
  if (known.empty()) return "";
  const size_t told = known.size() <= most_told ? known.size() : few_told;
  const std::string names = fmt::format(
      "; known: {}", fmt::join(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(told), ", "));
  return told == known.size() ? names : fmt::format("{} and {} more", names, known.size() - told);
}

}  // namespace core
