#include "training/data/texts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/random.h"
#include "training/data/text.h"
#include "training/data/words.h"

namespace training::data {

namespace fs = std::filesystem;

namespace {

// Texts and the number of each one's class.
struct LabelledTexts {
  std::vector<WordList> texts;
  std::vector<int64_t> labels;
};

std::vector<std::string> folders_in(const fs::path& folder) {
  core::check(fs::is_directory(folder), "data: {}", core::formats::absent(folder, "folder of texts"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && entry.path().filename().string().front() != '.')
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

LabelledTexts read_classes(const fs::path& folder, const std::vector<std::string>& classes) {
  LabelledTexts all;
  for (size_t k = 0; k < classes.size(); ++k)
    for (const fs::path& file : text_files(folder / classes[k])) {
      std::string text, note;
      for (const char32_t point : core::formats::read_text(file, note)) text += utf8(point);
      all.texts.push_back(words_in(text));
      all.labels.push_back(int64_t(k));
    }
  return all;
}

// Those of `first` that `second` has, too; the note names the others.
std::vector<std::string> common(const std::vector<std::string>& first, const std::vector<std::string>& second,
                                const std::string& path, std::string& note) {
  std::vector<std::string> both, aside;
  for (const std::string& name : first)
    (std::find(second.begin(), second.end(), name) != second.end() ? both : aside).push_back(name);
  for (const std::string& name : aside)
    note += fmt::format("{}{}: the folder '{}' is left aside: there are no tests of it",
                        note.empty() ? "data: " : "; ", path, name);
  return both;
}

// Rows whose texts are yet to be numbered: their inputs are their places.
Dataset places_of(const LabelledTexts& texts, const std::vector<std::string>& classes) {
  return {torch::arange(std::ssize(texts.texts)), torch::tensor(texts.labels, torch::kInt64), classes};
}

std::vector<WordList> texts_at(const LabelledTexts& texts, const Dataset& places) {
  std::vector<WordList> chosen;
  for (int64_t i = 0; i < places.size(); ++i)
    chosen.push_back(texts.texts[size_t(places.inputs()[i].item<int64_t>())]);
  return chosen;
}

}  // namespace

void Texts::fields(core::Fields& f) {
  f.add(
      "path", path,
      "Folder with a folder for each class, in which its texts lie in UTF-8, or with two such folders, train "
      "and test",
      {.path = true});
  f.add("test_path", test_path,
        "Such a folder of those to be tested on; empty: `path`/test, or test_share of the others",
        {.path = true});
  f.add("words", words, "Most words of the vocabulary, the most frequent of what is learned from",
        {.min = 1, .max = 1e7});
  f.add("longest", longest, "Words of a text that are read, from its first on", {.min = 1, .max = 1e6});
  f.add("test_share", test_share,
        "Without a folder of tests: share of the texts to be tested on, drawn by `seed`, as much of every "
        "class",
        {.min = 0, .max = 0.9, .above = true});
  holdout.fields(f);
}

// Numbers in the place of places, by the vocabulary of what is learned from.
static void number(Data& data, const Texts& options, const LabelledTexts& texts, const LabelledTexts& tests) {
  const std::vector<WordList> learned = texts_at(texts, data.train);
  data.words = word_symbols(learned, options.words);
  const auto set = [&](Dataset& part, const std::vector<WordList>& chosen) {
    part.rows.set(column::inputs, word_numbers(chosen, data.words, options.longest));
  };
  set(data.train, learned);
  set(data.valid, texts_at(texts, data.valid));
  set(data.test, texts_at(tests, data.test));
}

static void set_tests_aside(Data& data, const Texts& options) {
  const int64_t N = data.train.size();
  const auto rows = std::max<int64_t>(1, std::llround(options.test_share * double(N)));
  core::check(rows < N, "{}: {} texts cannot be split into training and test", options.path, N);
  auto [rest, test] =
      train_valid_split(data.train, rows, core::mix(uint64_t(options.holdout.seed), {"split"}));
  data.train = std::move(rest);
  data.test = std::move(test);
}

Data Texts::load() const {
  core::check(!path.empty(), "data: texts needs a path, of a folder with a folder for each class");
  const fs::path root = path;
  const bool parted =
      test_path.empty() && fs::is_directory(root / "train") && fs::is_directory(root / "test");
  const fs::path learned = parted ? root / "train" : root,
                 tested = parted ? root / "test" : fs::path(test_path);
  Data data;
  std::vector<std::string> classes = folders_in(learned);
  if (!tested.empty()) classes = common(classes, folders_in(tested), learned.string(), data.note);
  core::check(!classes.empty(), "data: {}: expected a folder of texts for each class in it, found none",
              learned.string());
  if (classes.size() == 1)
    data.no_labels =
        fmt::format("{}: one class, the folder '{}'; a classifier needs two or more", path, classes[0]);
  const LabelledTexts texts = read_classes(learned, classes);
  const LabelledTexts others = tested.empty() ? LabelledTexts{} : read_classes(tested, classes);
  data.train = places_of(texts, classes);
  if (tested.empty())
    set_tests_aside(data, *this);
  else
    data.test = places_of(others, classes);
  holdout.take(data, path);
  number(data, *this, texts, tested.empty() ? texts : others);
  return data;
}

}  // namespace training::data
