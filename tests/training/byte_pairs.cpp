// Byte pairs: any bytes come back, the merges are those of a count from the start, by the training part
// alone, and the parts of a text are those of its characters.
#include "training/data/byte_pairs.h"

#include <map>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/text.h"
#include "training/torch.h"

using namespace training::data;

namespace tests::byte_pairs {

static std::string spelt(const std::vector<int64_t>& tokens, const std::vector<std::string>& symbols) {
  std::string text;
  for (const int64_t token : tokens) text += symbols[size_t(token)];
  return text;
}

// n bytes out of the first `kinds`, in an order that all platforms draw alike.
static std::string random_bytes(size_t n, uint64_t kinds, uint64_t seed) {
  std::string bytes;
  uint64_t state = seed;
  for (size_t i = 0; i < n; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    bytes += static_cast<char>((state >> 33) % kinds);
  }
  return bytes;
}

static std::vector<std::string> hostile_texts() {
  std::string every;
  for (const std::string& byte : all_bytes()) every += byte;
  std::vector<std::string> texts{"",
                                 "\n",
                                 "    ",
                                 every,
                                 every + every,
                                 std::string(5000, '\0'),
                                 std::string(999, 'a'),
                                 "caf\xc3\xa9 \xf0\x9f\x98\x80",
                                 "\xc3",
                                 "\xf0\x9f\x98",
                                 "\xff\xfe\x00\xd8",
                                 "a\xe2\x82"};
  for (uint64_t seed = 1; seed <= 20; ++seed)
    for (const uint64_t kinds : {2, 11, 40, 128, 256}) texts.push_back(random_bytes(seed * 37, kinds, seed));
  return texts;
}

// A count from the start for each merge, as Sennrich et al. write it.
static std::vector<std::string> counted_anew(const std::string& text, int64_t merges) {
  std::vector<std::vector<std::string>> pieces;
  for (const std::string_view piece : pieces_of(text)) {
    pieces.emplace_back();
    for (const char byte : piece) pieces.back().emplace_back(1, byte);
  }
  std::vector<std::string> learned;
  while (std::ssize(learned) < merges) {
    std::map<std::pair<std::string, std::string>, int64_t> counts;
    for (const auto& piece : pieces)
      for (size_t i = 0; i + 1 < piece.size(); ++i) ++counts[{piece[i], piece[i + 1]}];
    std::pair<std::string, std::string> best;
    int64_t most = 1;
    for (const auto& [pair, count] : counts)
      if (count > most) most = count, best = pair;
    if (most < 2) break;
    const std::string merged = best.first + best.second;
    if (std::find(learned.begin(), learned.end(), merged) == learned.end()) learned.push_back(merged);
    for (auto& piece : pieces)
      for (size_t i = 0; i + 1 < piece.size(); ++i)
        if (piece[i] == best.first && piece[i + 1] == best.second) {
          piece[i] = merged;
          piece.erase(piece.begin() + std::ptrdiff_t(i) + 1);
        }
  }
  return learned;
}

TEST_CASE("any bytes come back from their byte pairs", "[training][data][byte_pairs]") {
  const std::vector<std::string> learned_from{
      "", "low lower lowest the cat sat on the mat caf\xc3\xa9 caf\xc3\xa9", random_bytes(2000, 5, 7),
      random_bytes(3000, 256, 8)};
  for (const std::string& source : learned_from) {
    const auto symbols = learned_byte_pairs(source, 60);
    REQUIRE(are_byte_pairs(symbols));
    const BytePairs pairs(symbols);
    for (const std::string& text : hostile_texts()) {
      const auto tokens = pairs.encode(text);
      CHECK(spelt(tokens, symbols) == text);
      CHECK(tokens.size() <= text.size());
    }
  }
}

TEST_CASE("merges are those of counts from the start", "[training][data][byte_pairs]") {
  std::vector<std::string> texts = hostile_texts();
  texts.push_back(
      "low low low low low lower lower newest newest newest newest newest newest widest widest widest");
  for (const std::string& text : texts) {
    const auto symbols = learned_byte_pairs(text, 12);
    CHECK(std::vector<std::string>(symbols.begin() + 256, symbols.end()) == counted_anew(text, 12));
  }
}

TEST_CASE("byte pairs of a text by hand", "[training][data][byte_pairs]") {
  // Pieces "abab", " abab", " b": ab stands four times, then abab twice; " abab" but once.
  const auto symbols = learned_byte_pairs("abab abab b", 9);
  CHECK(std::vector<std::string>(symbols.begin() + 256, symbols.end()) ==
        std::vector<std::string>{"ab", "abab"});
  CHECK(BytePairs(symbols).encode("ababab b") == std::vector<int64_t>{257, 256, ' ', 'b'});
  CHECK(BytePairs(all_bytes()).encode("a\xff") == std::vector<int64_t>{'a', 255});
  CHECK(learned_byte_pairs("abc", 5).size() == 256);  // nothing stands twice
}

TEST_CASE("pieces begin at white space and are the text", "[training][data][byte_pairs]") {
  CHECK(pieces_of("a bc\n\nd ") == std::vector<std::string_view>{"a", " bc", "\n", "\nd", " "});
  CHECK(pieces_of(std::string(70, 'x')).size() == 3);
  CHECK(characters_in("caf\xc3\xa9 \xf0\x9f\x98\x80") == 6);
}

// The text that the windows of a part hold, which stand side by side.
static std::string held(const training::Dataset& part) {
  const torch::Tensor rows = part.inputs().contiguous();
  const auto* first = rows.data_ptr<int64_t>();
  return spelt({first, first + rows.numel()}, part.classes);
}

TEST_CASE("the parts of a text are the same whatever a symbol is", "[training][data][byte_pairs]") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 60; ++i) text += "\xe2\x82\xac" + std::to_string(i * i) + " caf\xc3\xa9s\r\n";
  const std::string file = (scratch / "x.txt").string();
  write_bytes(file, "\xef\xbb\xbf" + text);
  const auto load = [&](const std::string& tokens) {
    return Text{.file = file, .tokens = tokens, .merges = 20, .block = 1, .validation = 0.2, .test = 0.3}
        .load();
  };
  const Data characters = load("characters"), bytes = load("bytes"), pairs = load("byte_pairs");
  CHECK(characters.note.find("60 line ends") != std::string::npos);
  CHECK(bytes.note == characters.note);
  CHECK(bytes.train.classes.size() == 256);
  CHECK(pairs.train.classes.size() == 276);
  CHECK(bytes.train.size() > pairs.train.size());
  for (const auto part : {&Data::train, &Data::valid, &Data::test})
    for (const Data* data : {&bytes, &pairs}) {
      const std::string whole = held(characters.*part), own = held((*data).*part);
      const size_t both = std::min(whole.size(), own.size());  // the last symbol is a target alone
      CHECK(whole.substr(0, both) == own.substr(0, both));
      CHECK(std::max(whole.size(), own.size()) < both + 40);
    }
}

TEST_CASE("byte pairs are learned from the training part alone, and need no UTF-8",
          "[training][data][byte_pairs]") {
  const Scratch scratch;
  const std::string file = (scratch / "x.txt").string();
  std::string train, other;
  for (int i = 0; i < 200; ++i) train += "the cat\xff ", other += "qq\xfe ";
  const auto classes = [&](const std::string& rest) {
    write_bytes(file, train + rest);
    return Text{
        .file = file, .tokens = "byte_pairs", .merges = 30, .block = 4, .validation = 0.1, .test = 0.2}
        .load()
        .train.classes;
  };
  const auto plain = classes(std::string(400, 'z')), strange = classes(other.substr(0, 400));
  CHECK(plain == strange);
  CHECK(std::find(plain.begin(), plain.end(), " cat\xff") != plain.end());
  write_bytes(file, train);
  CHECK(refusal([&] {
          Text{.file = file, .block = 4}.load();
        }).find("byte 8 (0xFF) in line 1 is not UTF-8") != std::string::npos);
}

}  // namespace tests::byte_pairs
