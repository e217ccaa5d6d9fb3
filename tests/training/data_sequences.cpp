// Texts as windows, and sequences of exact entropy.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/lines.h"
#include "training/data/loader.h"
#include "training/data/sequences.h"
#include "training/data/text.h"

using namespace training::data;
using torch::Tensor;

static std::string read_row(const training::Dataset& set, const Tensor& row) {
  std::string text;
  for (int64_t t = 0; t < row.size(0); ++t)
    text += row[t].item<int64_t>() == ignored ? "_" : set.classes[size_t(row[t].item<int64_t>())];
  return text;
}

TEST_CASE("a text becomes windows, its last parts for validation and test", "[training][data]") {
  const Scratch scratch;
  write_bytes(scratch / "x.txt",
              "abcdefghijklmnopqrstuvwxyz0123"
              "abcXd"
              "efYgh");  // 40
  const Data data =
      Text{.file = (scratch / "x.txt").string(), .block = 3, .validation = 0.125, .test = 0.125}.load();
  REQUIRE(data.train.classes.size() == 31);  // what is learned from, and one for what is not
  CHECK(data.train.classes.back() == "\uFFFD");
  CHECK(data.train.classes.front() == "0");  // in the order of the code points
  REQUIRE(data.train.size() == 27);          // every window of 3 whose target is among the first 30
  CHECK(read_row(data.train, data.train.inputs()[0]) == "abc");
  CHECK(read_row(data.train, data.train.targets()[0]) == "bcd");
  CHECK(read_row(data.train, data.train.inputs()[26]) == "012");
  CHECK(read_row(data.train, data.train.targets()[26]) == "123");
  REQUIRE(data.valid.size() == 1);
  CHECK(read_row(data.valid, data.valid.inputs()[0]) == "abc");
  CHECK(read_row(data.valid, data.valid.targets()[0]) == "bc\uFFFD");
  REQUIRE(data.test.size() == 1);
  CHECK(read_row(data.test, data.test.inputs()[0]) == "ef\uFFFD");
  const Data apart =
      Text{.file = (scratch / "x.txt").string(), .block = 3, .stride = 3, .validation = 0.125, .test = 0.125}
          .load();
  REQUIRE(apart.train.size() == 9);
  CHECK(read_row(apart.train, apart.train.inputs()[8]) == "yz0");
}

TEST_CASE("windows are views of one copy of the text", "[training][data]") {
  const Scratch scratch;
  write_bytes(scratch / "x.txt", std::string(5000, 'a') + std::string(5000, 'b'));
  const Data data = Text{.file = (scratch / "x.txt").string(), .block = 100}.load();
  CHECK(data.train.size() == 7900);
  CHECK(data.test.size() == 9);  // side by side
  for (const Tensor& view :
       {data.train.targets(), data.valid.inputs(), data.test.inputs(), data.test.targets()})
    CHECK(view.storage().data() == data.train.inputs().storage().data());
  CHECK(data.train.inputs().storage().nbytes() == 10000 * sizeof(int64_t));
  const auto batch = training::gather(data.train, torch::tensor({4950, 0}), torch::kCPU);
  CHECK(batch.inputs().sum(1).equal(torch::tensor({50, 0})));
  CHECK(batch.targets().sum(1).equal(torch::tensor({51, 0})));
}

TEST_CASE("a text is read without a byte order mark, and with one kind of line end", "[training][data]") {
  const Scratch scratch;
  write_bytes(scratch / "one.txt",
              "\xEF\xBB\xBF"
              "ab\r\ncd\ref\n");
  write_bytes(scratch / "two.txt", "\xEF\xBB\xBFgh\r");
  const Data data =
      Text{.file = scratch.folder.string(), .block = 2, .validation = 0.25, .test = 0.25}.load();
  const std::vector<std::string> known{"\n", "a", "b", "c", "d", "\uFFFD"};
  CHECK(data.train.classes == known);
  CHECK(data.note == "data: " + scratch.folder.string() + ": 3 line ends in CR LF or CR are read as LF");
  CHECK(read_row(data.train, data.train.inputs()[0]) == "ab");
  CHECK(read_row(data.train, data.train.inputs()[2]) == "\nc");
}

TEST_CASE("a folder is read in alphabetical order, without links, hidden and index files",
          "[training][data]") {
  const Scratch scratch;
  write_bytes(scratch / "two", "leh h");
  write_bytes(scratch / "one", "hello ");
  write_bytes(scratch / "one.dat", "index");
  write_bytes(scratch / ".hidden", "no");
  std::filesystem::create_symlink("one", scratch / "one.u8");
  const auto files = text_files(scratch.folder);
  REQUIRE(files.size() == 2);
  CHECK(files[0].filename() == "one");
  const Data data = Text{.file = scratch.folder.string(), .block = 2, .validation = 0.3, .test = 0.3}.load();
  CHECK(read_row(data.train, data.train.inputs()[0]) == "he");
  CHECK(read_row(data.test, data.test.inputs()[0]) == "eh");
}

TEST_CASE("characters are code points, and what is not UTF-8 is refused with its place", "[training][data]") {
  const std::string text = "a\u00e9\u20ac\U0001F600";
  const std::u32string points = code_points(text, "x");
  CHECK(points == U"a\u00e9\u20ac\U0001F600");
  std::string back;
  for (const char32_t point : points) back += utf8(point);
  CHECK(back == text);
  for (const std::string bad :
       {"ab\x80", "ab\xc3", "ab\xc0\xaf", "ab\xed\xa0\x80", "ab\xf5\x80\x80\x80", "ab\xe2\x28\xa1"})
    CHECK(refusal([&] { code_points(bad, "x.txt"); }).find("x.txt: byte 3 (0x") == 0);
  CHECK(refusal([] { code_points("a\nb\n\xff", "x.txt"); }) == "x.txt: byte 5 (0xFF) in line 3 is not UTF-8");
}

TEST_CASE("a text that is missing, empty or shorter than the block is refused", "[training][data]") {
  const Scratch scratch;
  const auto says = [&](const std::string& file, int64_t block) {
    return refusal([&] { Text{.file = file, .block = block}.load(); });
  };
  CHECK(says((scratch / "none").string(), 4).find("no such file or folder") != std::string::npos);
  CHECK(says(scratch.folder.string(), 4).find("holds no text files") != std::string::npos);
  write_bytes(scratch / "x.txt", std::string(100, 'x'));
  CHECK(says((scratch / "x.txt").string(), 9).empty());
  CHECK(says((scratch / "x.txt").string(), 10)
            .find("100 characters are 80 for learning, 10 for validation and 10 for the test") !=
        std::string::npos);
  write_bytes(scratch / "empty.txt", "");
  CHECK(says((scratch / "empty.txt").string(), 1).find("0 characters") != std::string::npos);
}

TEST_CASE("the test set of a^n b^n holds every sequence once", "[training][data]") {
  const Data data = Anbn{.longest = 3, .copies = 2}.load();
  CHECK(*data.entropy == Approx(std::log(3)));
  CHECK(data.train.size() == 6);
  CHECK(data.valid.size() == 100);
  const Tensor drawn = (data.valid.targets() == 1).sum(1).bincount();  // of each n
  CHECK(drawn.size(0) == 4);
  CHECK(drawn.slice(0, 1).min().item<int64_t>() > 15);
  CHECK(drawn.slice(0, 1).max().item<int64_t>() > drawn.slice(0, 1).min().item<int64_t>());
  REQUIRE(data.test.size() == 3);
  CHECK(read_row(data.test, data.test.inputs()[0]) == "\nab\n\n\n\n");
  CHECK(read_row(data.test, data.test.targets()[0]) == "ab\n____");
  CHECK(read_row(data.test, data.test.inputs()[2]) == "\naaabbb");
  CHECK(read_row(data.test, data.test.targets()[2]) == "aaabbb\n");
}

TEST_CASE("of copy and sort only the answer counts", "[training][data]") {
  const SplitSizes sizes{.train_size = 50, .test_size = 50};
  Copy copy;
  copy.sizes = sizes;
  Sort sort;
  sort.sizes = sizes;
  for (const Data& data : {copy.load(), sort.load()}) {
    CHECK(*data.entropy == 0);
    CHECK_FALSE(torch::equal(data.train.inputs(), data.test.inputs()));
    CHECK_FALSE(torch::equal(data.valid.inputs(), data.test.inputs()));
  }
  const training::Dataset copies = copy.load().train, sorts = sort.load().train;
  for (int64_t i = 0; i < 50; ++i) {
    const std::string input = read_row(copies, copies.inputs()[i]), question = input.substr(0, 6);
    CHECK(input == question + ">" + question.substr(0, 5));
    CHECK(read_row(copies, copies.targets()[i]) == "______" + question);
    std::string answer = read_row(sorts, sorts.inputs()[i]).substr(0, 6);
    std::sort(answer.begin(), answer.end());
    CHECK(read_row(sorts, sorts.targets()[i]) == "______" + answer);
  }
}

TEST_CASE("what follows the first b of a^n b^n is certain, and longer ones stand beyond",
          "[training][data]") {
  const Data data = Anbn{.longest = 3, .copies = 1, .beyond = 5}.load();
  const Tensor& certain = data.test.rows[training::column::certain];
  CHECK(torch::equal(certain[1].to(torch::kInt64), torch::tensor({0, 0, 0, 1, 1, 0, 0})));  // aabb
  CHECK(certain.sum().item<int64_t>() == 1 + 2 + 3);
  REQUIRE(data.beyond);
  CHECK(data.beyond->names == std::vector<std::string>{"4", "5"});
  CHECK(read_row(data.test, data.beyond->rows.targets()[0]) == "aaaabbbb\n__");
  CHECK(data.grammatical({1, 1, 2, 2}));
  for (const std::vector<int64_t>& wrong :
       std::vector<std::vector<int64_t>>{{}, {1}, {1, 2, 2}, {2, 1}, {1, 2, 1, 2}, {1, 2, 0}})
    CHECK_FALSE(data.grammatical(wrong));
  CHECK(refusal([] { Anbn{.longest = 5, .beyond = 5}.load(); }) ==
        "data.beyond: expected more than data.longest = 5, found 5");
}

TEST_CASE("lines are their first words, and words that nobody learned are unknown", "[training][data]") {
  const Scratch scratch;
  write_bytes(scratch / "x.txt", "a b c d\nto  short\n\n e f g\nh i j\nk l m n o\n");
  Lines task{
      .file = (scratch / "x.txt").string(), .words = 3, .train_size = 2, .valid_size = 1, .test_size = 1};
  const Data data = task.load();
  REQUIRE(data.train.inputs().sizes() == torch::IntArrayRef({2, 2}));
  REQUIRE(data.train.classes.size() == 7);  // 2 x 3 words and the unknown one
  CHECK(data.train.classes.back() == "\uFFFD");
  std::set<std::string> lines;
  for (int64_t row = 0; row < 2; ++row) {
    CHECK(data.train.inputs()[row][1].equal(data.train.targets()[row][0]));
    lines.insert(read_row(data.train, data.train.inputs()[row]) +
                 read_row(data.train, data.train.targets()[row].slice(0, 1)));
  }
  for (const std::string& line : lines)
    CHECK(std::set<std::string>{" a b c", " e f g", " h i j", " k l m"}.count(line) == 1);
  CHECK(lines.size() == 2);
  CHECK(read_row(data.test, data.test.inputs()[0]) == "\uFFFD\uFFFD");
  task.seed = 1;
  CHECK(task.load().train.classes != data.train.classes);
  task.words = 4;
  CHECK(refusal([&] {
          task.load();
        }).find("2 lines have data.words = 4 words or more; expected at least 4") != std::string::npos);
}
