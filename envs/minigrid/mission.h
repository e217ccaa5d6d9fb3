// What is to be done in a level, in words: as text, and as symbols that a policy can read.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/minigrid/grid.h"

namespace envs::minigrid {

using Said = std::array<uint8_t, World::most_blanks>;
using Choices = std::vector<std::string>;

// Every word of MiniGrid's missions; a word's symbol is its place. 0: no word; 1-6: the colours in MiniGrid's
// order. A new word goes to the end: symbols stay what they are.
const std::vector<std::string>& vocabulary();

// By Colour; by Object from the key on (key, ball, box).
const Choices& colour_names();
const Choices& thing_names();

class Mission {
 public:
  static constexpr int most_words = 20;

  Mission(const char* text) : Mission(text, {}) {}
  // `text` holds {} for each blank, `blanks` what may stand in it. A word that is not in the vocabulary is an
  // Error.
  Mission(std::string text, std::vector<Choices> blanks);

  bool varies() const { return !blanks_.empty(); }
  int length() const { return length_; }  // words of the longest
  std::string text(const Said& said) const;
  // [length()] symbols, 0 behind the last word.
  void write(const Said& said, uint8_t* symbols) const;
  bool is_sound(const Said& said) const;  // whether each blank has that choice

 private:
  struct Piece {
    int blank;                                // -1: words that are always there
    std::vector<std::vector<uint8_t>> words;  // by choice
  };

  std::string text_;
  std::vector<Choices> blanks_;
  std::vector<Piece> pieces_;
  int length_ = 0;
};

}  // namespace envs::minigrid
