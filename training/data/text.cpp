// UTF-8 as in RFC 3629; one tensor of symbols, seen through windows.
#include "training/data/text.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/memory.h"
#include "core/path.h"
#include "training/data/file.h"

namespace training::data {

namespace fs = std::filesystem;

namespace {

// Bytes of the code point that begins with `lead`; 0 where none does.
size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Overlong forms, surrogates and numbers beyond Unicode are none.
bool is_valid(char32_t point, size_t length) {
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return point >= least[length] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

std::string read_all(const fs::path& file) {
  constexpr uint64_t most = 4'000'000'000;  // bytes
  return core::read_file(file, "a text file", most);
}

// Without a byte order mark; CR LF and CR become LF.
std::u32string plain(const std::u32string& text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = text.starts_with(U'\uFEFF') ? 1 : 0; i < text.size(); ++i)
    if (text[i] != U'\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != U'\n')
      out += U'\n';
  return out;
}

std::u32string read_text(const fs::path& path, std::string& note) {
  std::u32string text;
  int64_t returns = 0;
  for (const auto& file : text_files(path)) {
    const std::u32string raw = code_points(read_all(file), "data: " + file.string());
    returns += std::count(raw.begin(), raw.end(), U'\r');
    text += plain(raw);
  }
  if (returns > 0)
    note = fmt::format("data: {}: {} line ends in CR LF or CR are read as LF", path.string(), returns);
  return text;
}

// Windows of `block` symbols, `stride` apart, over tokens first .. last - 1; the last target is token
// last - 1.
Dataset windows(const torch::Tensor& tokens, int64_t first, int64_t last, int64_t block, int64_t stride) {
  const int64_t rows = (last - first - block - 1) / stride + 1;
  const auto view = [&](int64_t from) { return tokens.as_strided({rows, block}, {stride, 1}, from); };
  return {view(first), view(first + 1), {}};
}

}  // namespace

std::u32string code_points(const std::string& bytes, const std::string& where) {
  std::u32string points;
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = length_of(lead);
    char32_t point = length < 2 ? lead : lead & (0x7F >> length);
    bool valid = length > 0 && i + length <= bytes.size();
    for (size_t k = 1; valid && k < length; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      valid = (next & 0xC0) == 0x80;
      point = point << 6 | (next & 0x3F);
    }
    core::check(valid && is_valid(point, length), "{}: byte {} (0x{:02X}) is not UTF-8", where, i + 1, lead);
    points += point;
    i += length;
  }
  return points;
}

std::string utf8(char32_t point) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (point < 0x80) return {byte(point)};
  const char last = byte(0x80 | (point & 0x3F));
  if (point < 0x800) return {byte(0xC0 | point >> 6), last};
  const char third = byte(0x80 | (point >> 6 & 0x3F));
  if (point < 0x10000) return {byte(0xE0 | point >> 12), third, last};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), third, last};
}

std::vector<fs::path> text_files(const fs::path& path) {
  std::error_code error;
  core::check(fs::status(path, error).type() != fs::file_type::not_found,
              "data: {} (fortunes are Debian's package `fortunes`; data.file names another text)",
              absent(path, "file or folder"));
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const bool hidden = entry.path().filename().string().front() == '.';
    if (entry.is_regular_file() && !entry.is_symlink() && !hidden && core::ending(entry.path()) != ".dat")
      files.push_back(entry.path());
  }
  core::check(!files.empty(), "data: {}: the folder holds no text files", path.string());
  std::sort(files.begin(), files.end());
  return files;
}

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
  const std::u32string text = read_text(file, note);
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
