#include "envs/minigrid/mission.h"

#include <algorithm>
#include <sstream>

#include "core/error.h"

namespace envs::minigrid {

const std::vector<std::string>& vocabulary() {
  static const std::vector<std::string> words{
      "",         "red",  "green", "blue",   "purple", "yellow",   "grey",    "key",     "ball",
      "box",      "door", "goal",  "square", "lava",   "room",     "rooms",   "open",    "pick",
      "go",       "get",  "fetch", "put",    "use",    "unlock",   "reach",   "avoid",   "find",
      "traverse", "must", "you",   "a",      "the",    "and",      "then",    "to",      "up",
      "near",     "from", "at",    "of",     "object", "matching", "opening", "hallway", "end"};
  return words;
}

const Choices& colour_names() {
  static const Choices names{"red", "green", "blue", "purple", "yellow", "grey"};
  return names;
}

const Choices& thing_names() {
  static const Choices names{"key", "ball", "box"};
  return names;
}

namespace {

uint8_t symbol_of(const std::string& word) {
  const auto& words = vocabulary();
  const auto found = std::find(words.begin(), words.end(), word);
  core::check(found != words.end(), "mission: the vocabulary lacks the word '{}'", word);
  return uint8_t(found - words.begin());
}

// Without commas.
std::vector<uint8_t> symbols_of(std::string text) {
  std::erase(text, ',');
  std::istringstream stream(text);
  std::vector<uint8_t> symbols;
  for (std::string word; stream >> word;) symbols.push_back(symbol_of(word));
  return symbols;
}

// Calls take(text) for what lies between blanks, fill(k) for each blank.
template <class Take, class Fill>
void each_piece(const std::string& text, Take take, Fill fill) {
  size_t from = 0;
  int blank = 0;
  for (size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", from)) {
    take(text.substr(from, at - from));
    fill(blank++);
    from = at + 2;
  }
  take(text.substr(from));
}

}  // namespace

Mission::Mission(std::string text, std::vector<Choices> blanks)
    : text_(std::move(text)), blanks_(std::move(blanks)) {
  each_piece(
      text_,
      [&](const std::string& words) {
        pieces_.push_back({-1, {symbols_of(words)}});
      },
      [&](int blank) {
        pieces_.push_back({blank, {}});
        for (const std::string& choice : blanks_.at(size_t(blank)))
          pieces_.back().words.push_back(symbols_of(choice));
      });
  for (const Piece& piece : pieces_) {
    size_t longest = 0;
    for (const auto& words : piece.words) longest = std::max(longest, words.size());
    length_ += int(longest);
  }
  core::check(length_ <= most_words, "mission '{}': {} words, expected at most {}", text_, length_,
              most_words);
}

std::string Mission::text(const Said& said) const {
  std::string all;
  each_piece(
      text_, [&](const std::string& words) { all += words; },
      [&](int blank) { all += blanks_[size_t(blank)][said[size_t(blank)]]; });
  return all;
}

void Mission::write(const Said& said, uint8_t* symbols) const {
  uint8_t* const end = symbols + length_;
  for (const Piece& piece : pieces_) {
    const auto& words = piece.words[piece.blank < 0 ? 0 : said[size_t(piece.blank)]];
    symbols = std::copy(words.begin(), words.end(), symbols);
  }
  std::fill(symbols, end, uint8_t(0));
}

bool Mission::is_sound(const Said& said) const {
  for (size_t k = 0; k < blanks_.size(); ++k)
    if (said[k] >= blanks_[k].size()) return false;
  return true;
}

}  // namespace envs::minigrid
