// One tensor of symbols, seen through windows.
#include "training/data/text.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/formats/text.h"
#include "core/memory.h"

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

}  // namespace

void Text::fields(core::Fields& f) {
  f.add("file", file,
        "Text in UTF-8: a file, or a folder whose files are read in alphabetical order; a byte order mark is "
        "skipped, CR LF and CR are read as line ends",
        {.path = true});
  f.add("block", block, "Length of a window", {.min = 1, .max = 1e6, .unit = "characters"});
  f.add("stride", stride, "Distance of the training windows; 1: an epoch begins at every character once",
        {.min = 1, .max = 1e9, .unit = "characters"});
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

Data Text::load() const {
  double bytes = 0;
  for (const auto& part : text_files(file)) bytes += double(fs::file_size(part));
  const std::string what = fmt::format("data: {}: a text of {:.3g} characters", file, bytes);
  core::foresee_memory(13 * bytes, what);  // itself, its code points and their numbers, which stay
  core::require_memory(8 * bytes, what);
  std::string note;
  const std::u32string text = core::formats::read_text(file, note);
  const auto length = static_cast<int64_t>(text.size());
  const auto last = static_cast<int64_t>(double(length) * (1 - test));
  const auto first = std::max<int64_t>(0, static_cast<int64_t>(double(length) * (1 - test - validation)));
  core::check(
      std::min({first, last - first, length - last}) > block,
      "data: {}: {} characters are {} for learning, {} for validation and {} for the test; windows of "
      "data.block = {} need at least {} in each",
      file, length, first, last - first, length - last, block, block + 1);
  const std::u32string symbols = vocabulary(text, first);
  const torch::Tensor tokens = numbered(text, symbols);
  Data data{windows(tokens, 0, first, block, stride),
            windows(tokens, first, last, block, block),
            windows(tokens, last, length, block, block),
            {}};
  for (const char32_t symbol : symbols) data.train.classes.push_back(utf8(symbol));
  data.valid.classes = data.test.classes = data.train.classes;
  data.note = note;
  return data;
}

}  // namespace training::data
