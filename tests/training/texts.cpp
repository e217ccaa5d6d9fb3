// Texts with a class: words, vocabularies, folders as IMDb's, and reviews in which the order of words
// matters.
#include <algorithm>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/reviews.h"
#include "training/data/text.h"
#include "training/data/texts.h"
#include "training/data/words.h"

using namespace training::data;

namespace tests::texts {

TEST_CASE("words are small letters, and each sign is one", "[training][data][texts]") {
  CHECK(words_in("Don't  PANIC,caf\u00e9!\n<br />") ==
        WordList{"don't", "panic", ",", "caf\u00e9", "!", "<", "br", "/", ">"});
  CHECK(words_in(" \t\x01\n").empty());
  CHECK(words_in("a-b2") == WordList{"a", "-", "b2"});
}

TEST_CASE("a vocabulary has the most frequent words", "[training][data][texts]") {
  const std::vector<WordList> texts{{"b", "a", "b"}, {"c", "a", "b"}};
  const auto symbols = word_symbols(texts, 2);
  CHECK(symbols == std::vector<std::string>{" ", "\uFFFD", "b", "a"});
  const torch::Tensor rows = word_numbers({{"a", "c"}, {}, {"b", "b", "b", "b"}}, symbols, 3);
  CHECK(rows.equal(torch::tensor({{3, 1, 0}, {1, 0, 0}, {2, 2, 2}}, torch::kInt64)));
}

static bool part_is_good(const WordList& words) {
  static const std::set<std::string> praises{"good", "great", "lovely", "superb", "charming", "fine"};
  const bool praise =
      std::any_of(words.begin(), words.end(), [](const auto& w) { return praises.count(w) > 0; });
  return praise != (std::count(words.begin(), words.end(), "not") == 1);
}

static bool verdict_of(const WordList& words) {
  const auto at = [&](const std::string& word) { return std::find(words.begin(), words.end(), word); };
  if (at("but") != words.end()) return part_is_good({at("but"), words.end()});
  if (at(",") != words.end()) return part_is_good({at(","), words.end()});
  return part_is_good({words.begin(), at("although")});
}

static WordList row_words(const Data& data, const torch::Tensor& row) {
  WordList words;
  for (int64_t t = 0; t < row.size(0) && row[t].item<int64_t>() != no_word; ++t)
    words.push_back(data.words[size_t(row[t].item<int64_t>())]);
  return words;
}

TEST_CASE("of a review one clause is the verdict, and its not turns it", "[training][data][texts]") {
  const Data data = Reviews{.sizes = {.train_size = 2000, .test_size = 200}}.load();
  for (int64_t i = 0; i < 500; ++i) {
    const WordList words = row_words(data, data.train.inputs()[i]);
    CHECK(std::find(words.begin(), words.end(), "\uFFFD") == words.end());
    CHECK(verdict_of(words) == (data.train.targets()[i].item<int64_t>() == 1));
  }
  const double good = data.train.targets().to(torch::kFloat64).mean().item<double>();
  CHECK(good == Approx(0.5).margin(0.04));
}

// What is left of a review without its order: how many praises, how many nots, and the form. By it 5 of 8 can
// be known.
TEST_CASE("without their order five of eight reviews are known", "[training][data][texts]") {
  core::Pcg64 random(3);
  std::map<std::pair<int64_t, int64_t>, std::array<int64_t, 2>> counts;
  const int64_t drawn = 40000;
  for (int64_t i = 0; i < drawn; ++i) {
    const Review review = drawn_review(random);
    int64_t praises = 0, nots = 0;
    for (const std::string& word : words_in(review.text))
      nots += word == "not", praises += part_is_good({word});
    ++counts[{praises, nots}][size_t(review.good)];
  }
  int64_t known = 0;
  for (const auto& [bag, classes] : counts) known += std::max(classes[0], classes[1]);
  CHECK(double(known) / double(drawn) == Approx(0.625).margin(0.01));
}

static void write_texts(const Scratch& scratch, const std::string& folder, const std::string& word,
                        int64_t count) {
  std::filesystem::create_directories(scratch / folder);
  for (int64_t i = 0; i < count; ++i)
    write_bytes(scratch / (folder + "/" + std::to_string(i) + ".txt"), word + " film " + std::to_string(i));
}

TEST_CASE("texts lie in a folder for each class, as IMDb's", "[training][data][texts]") {
  const Scratch scratch;
  for (const std::string part : {"train", "test"}) {
    write_texts(scratch, "imdb/" + part + "/neg", "Dreadful", 20);
    write_texts(scratch, "imdb/" + part + "/pos", "Superb", 20);
  }
  write_texts(scratch, "imdb/train/unsup", "Unknown", 5);
  Texts task{.path = (scratch / "imdb").string(), .longest = 2};
  const Data data = task.load();
  CHECK(data.train.classes == std::vector<std::string>{"neg", "pos"});
  CHECK((data.train.size() == 36 && data.valid.size() == 4 && data.test.size() == 40));
  CHECK(data.note.find("the folder 'unsup' is left aside") != std::string::npos);
  for (int64_t i = 0; i < 40; ++i)
    CHECK(row_words(data, data.test.inputs()[i])[0] ==
          (data.test.targets()[i].item<int64_t>() == 0 ? "dreadful" : "superb"));
  CHECK(std::count(data.words.begin(), data.words.end(), "unknown") == 0);

  task = {.path = (scratch / "imdb/train").string(), .words = 3};
  const Data other = task.load();  // three classes, tests drawn
  CHECK((other.train.size() == 32 && other.valid.size() == 4 && other.test.size() == 9));
  CHECK(other.words.size() == 5);
}

TEST_CASE("a folder of texts that does not do is refused by its name", "[training][data][texts]") {
  const Scratch scratch;
  const auto says = [&](const std::string& folder) {
    return refusal([&] { Texts{.path = folder.empty() ? folder : (scratch / folder).string()}.load(); });
  };
  CHECK(says("").find("texts needs a path") != std::string::npos);
  CHECK(says("none").find("no such folder of texts") != std::string::npos);
  std::filesystem::create_directories(scratch / "bare");
  CHECK(says("bare").find("expected a folder of texts for each class in it, found none") !=
        std::string::npos);
  std::filesystem::create_directories(scratch / "a/empty");
  CHECK(says("a").find("a/empty: the folder holds no text files") != std::string::npos);
  write_texts(scratch, "one/pos", "good", 8);
  CHECK(refusal([&] {
          Texts{.path = (scratch / "one").string()}.load();
        }).empty());  // a classifier will say it
  write_bytes(scratch / "one/pos/x.txt", "fine\nca\xe9");
  CHECK(says("one").find("one/pos/x.txt: byte 8 (0xE9) in line 2 is not UTF-8") != std::string::npos);
}

}  // namespace tests::texts
