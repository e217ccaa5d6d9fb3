// One tensor of symbols, seen through windows.
#include "training/data/text.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/formats/text.h"
#include "core/memory.h"
#include "training/data/byte_pairs.h"

namespace training::data {

namespace fs = std::filesystem;

namespace {

// Windows of `block` symbols, `stride` apart, over tokens first .. last - 1; the last target is token
// last - 1.
Dataset windows(const torch::Tensor& tokens, int64_t first, int64_t last, int64_t block, int64_t stride) {
  const int64_t rows = (last - first - block - 1) / stride + 1;
  const auto view = [&](int64_t from) { return tokens.as_strided({rows, block}, {stride, 1}, from); };
  return {view(first), view(first + 1), {}};
}

// A text as numbers of symbols; the validation part begins at `first`, the test at `last`.
struct NumberedText {
  torch::Tensor tokens;
  int64_t first, last;
  std::vector<std::string> symbols;
};

}  // namespace

void Text::fields(core::Fields& f) {
  f.add("file", file,
        "Text in UTF-8: a file, or a folder whose files are read in alphabetical order; a byte order mark is "
        "skipped, CR LF and CR are read as line ends",
        {.path = true});
  f.choice(
      "tokens", tokens,
      "What a symbol is: a character, a byte, or a string of bytes that stand often beside each other in the "
      "training part (byte pairs); bytes need be no UTF-8",
      {"characters", "bytes", "byte_pairs"});
  f.add("merges", merges,
        "Of byte pairs: how many there are beside the 256 bytes; fewer where none stands twice",
        {.min = 0, .max = 1e5});
  f.add("block", block, "Length of a window", {.min = 1, .max = 1e6, .unit = "symbols"});
  f.add("stride", stride, "Distance of the training windows; 1: an epoch begins at every symbol once",
        {.min = 1, .max = 1e9, .unit = "symbols"});
  f.add("validation", validation, "Part of the text, before the test, to choose by",
        {.min = 0.001, .max = 0.9, .unit = "share"});
  f.add("test", test, "Last part of the text, to be tested on", {.min = 0.001, .max = 0.9, .unit = "share"});
}

// By the training part alone, `unknown` last.
static std::u32string vocabulary(const std::u32string& text, int64_t train) {
  std::set<char32_t> occurring(text.begin(), text.begin() + train);
  occurring.erase(unknown);
  return std::u32string(occurring.begin(), occurring.end()) + unknown;
}

static torch::Tensor numbered(const std::u32string& text, const std::u32string& symbols) {
  const torch::Tensor tokens = torch::empty({int64_t(text.size())}, torch::kInt64);
  int64_t* token = tokens.data_ptr<int64_t>();
  const auto known = symbols.end() - 1;
  for (const char32_t point : text) {
    const auto at = std::lower_bound(symbols.begin(), known, point);
    *token++ = (at != known && *at == point ? at : known) - symbols.begin();
  }
  return tokens;
}

// Where the validation part and the test begin, in characters.
static std::pair<int64_t, int64_t> cuts(const Text& options, int64_t characters) {
  const auto at = [&](double share) { return static_cast<int64_t>(double(characters) * share); };
  return {std::max<int64_t>(0, at(1 - options.test - options.validation)), at(1 - options.test)};
}

static NumberedText read_characters(const Text& options, std::string& note) {
  const std::u32string text = core::formats::read_text(options.file, note);
  const auto [first, last] = cuts(options, std::ssize(text));
  const std::u32string symbols = vocabulary(text, first);
  NumberedText numbers{numbered(text, symbols), first, last, {}};
  for (const char32_t symbol : symbols) numbers.symbols.push_back(utf8(symbol));
  return numbers;
}

// The byte at which a character begins.
static size_t byte_of(std::string_view text, int64_t character) {
  size_t byte = 0;
  for (int64_t before = -1; byte < text.size(); ++byte)
    if ((before += characters_in(text.substr(byte, 1))) == character) break;
  return byte;
}

static NumberedText read_byte_pairs(const Text& options, std::string& note) {
  const std::string bytes = core::formats::read_bytes(options.file, note);
  const std::string_view text = bytes;
  const auto [first, last] = cuts(options, characters_in(text));
  const size_t valid = byte_of(text, first), test = byte_of(text, last);
  const auto symbols =
      learned_byte_pairs(text.substr(0, valid), options.tokens == "bytes" ? 0 : options.merges);
  const BytePairs pairs(symbols);
  std::vector<int64_t> tokens = pairs.encode(text.substr(0, valid));
  NumberedText numbers{{}, std::ssize(tokens), 0, symbols};
  const auto append = [&](std::string_view part) {
    const std::vector<int64_t> more = pairs.encode(part);
    tokens.insert(tokens.end(), more.begin(), more.end());
  };
  append(text.substr(valid, test - valid));
  numbers.last = std::ssize(tokens);
  append(text.substr(test));
  numbers.tokens = torch::tensor(tokens, torch::kInt64);
  return numbers;
}

Data Text::load() const {
  double bytes = 0;
  for (const auto& part : text_files(file)) bytes += double(fs::file_size(part));
  const std::string what = fmt::format("data: {}: a text of {:.3g} characters", file, bytes);
  core::foresee_memory((tokens == "characters" ? 13 : 30) * bytes,
                       what);  // itself, code points or pieces, and numbers, which stay
  core::require_memory((tokens == "characters" ? 8 : 20) * bytes, what);
  Data data;
  const auto [numbers, first, last, symbols] =
      tokens == "characters" ? read_characters(*this, data.note) : read_byte_pairs(*this, data.note);
  const int64_t length = numbers.size(0);
  core::check(std::min({first, last - first, length - last}) > block,
              "data: {}: {} {} are {} for learning, {} for validation and {} for the test; windows of "
              "data.block = {} need at least {} in each",
              file, length, tokens == "byte_pairs" ? "byte pairs" : tokens, first, last - first,
              length - last, block, block + 1);
  data.train = windows(numbers, 0, first, block, stride);
  data.valid = windows(numbers, first, last, block, block);
  data.test = windows(numbers, last, length, block, block);
  data.train.classes = data.valid.classes = data.test.classes = symbols;
  return data;
}

}  // namespace training::data
