// IDX and CSV readers: what they read, and how they refuse what is broken.
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/csv.h"
#include "training/data/idx.h"

using namespace training::data;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "atelier-data-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }

  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }
  std::string write_gz(const std::string& name, const std::string& bytes) const {
    const gzFile gz = gzopen((path / name).c_str(), "wb");
    gzwrite(gz, bytes.data(), unsigned(bytes.size()));
    gzclose(gz);
    return (path / name).string();
  }
};

std::string idx_bytes(int type, const std::vector<int>& shape, const std::string& values) {
  std::string bytes(2, 0);
  bytes.push_back(char(type));
  bytes.push_back(char(shape.size()));
  for (const int n : shape)
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(char(n >> shift));
  bytes.append(values);
  return bytes;
}

bool mentions(const std::string& message, std::vector<std::string> parts) {
  INFO("message: '" << message << "'");
  bool all = true;
  for (const auto& part : parts) {
    const bool found = message.find(part) != std::string::npos;
    CHECK(found);
    all = all && found;
  }
  return all;
}

std::string csv_refusal(const Folder& folder, const std::string& text, const std::string& target = "kind") {
  Csv csv;
  csv.path = folder.write("x.csv", text);
  csv.target = target;
  return refusal([&] { csv.load(); });
}

}  // namespace

TEST_CASE("IDX files read alike plain and gzipped, bytes and floats", "[training]") {
  const Folder folder;
  const std::string bytes = idx_bytes(8, {2, 1, 2}, {1, 2, 3, char(255)});
  const auto plain = read_idx(folder.write("a", bytes)), packed = read_idx(folder.write_gz("b.gz", bytes));
  CHECK(plain.sizes() == torch::IntArrayRef({2, 1, 2}));
  CHECK(plain.view(-1)[3].item<int>() == 255);
  CHECK(torch::equal(plain, packed));
  const auto floats = read_idx(folder.write("c", idx_bytes(13, {1}, {0x40, 0x48, char(0xf5), char(0xc3)})));
  CHECK(floats.item<float>() == Approx(3.14));
}

TEST_CASE("Broken IDX files are refused by name", "[training]") {
  const Folder folder;
  const auto says = [&](const std::string& file) { return refusal([&] { read_idx(file); }); };
  const std::string good = idx_bytes(8, {2, 2}, "abcd");
  CHECK(mentions(says((folder.path / "none").string()), {"none", "no such file"}));
  CHECK(mentions(says(folder.path.string()), {"is a folder, expected an IDX file"}));
  CHECK(mentions(says("/dev/zero"), {"/dev/zero", "a pipe or a device"}));
  CHECK(mentions(says(folder.write("zero", idx_bytes(8, {2, 0}, ""))), {"no values", "[2, 0]"}));
  CHECK(mentions(says(folder.write("none.f", idx_bytes(13, {0}, ""))), {"no values", "[0]"}));
  CHECK(mentions(says(folder.write("nan", idx_bytes(13, {1}, {0x7f, char(0xc0), 0, 0}))), {"not finite"}));
  CHECK(mentions(says(folder.write("empty", "")), {"empty", "not an IDX file"}));
  CHECK(mentions(says(folder.write("foreign", "PNG, say")), {"not an IDX file", "50 4e"}));
  CHECK(mentions(says(folder.write("type", idx_bytes(11, {2}, "abcd"))), {"type 0x0b", "expected 0x08"}));
  CHECK(mentions(says(folder.write("short", good.substr(0, 14))), {"truncated", "expected 4", "found 2"}));
  CHECK(mentions(says(folder.write("header", good.substr(0, 9))), {"truncated inside its IDX header"}));
  CHECK(mentions(says(folder.write("long", good + "e")), {"longer"}));
  CHECK(
      mentions(says(folder.write("huge", idx_bytes(8, {1 << 30, 1 << 30, 1 << 30}, "abcd"))), {"promises"}));
  const std::string whole = folder.write_gz("whole.gz", idx_bytes(8, {100, 100}, std::string(10000, 'x')));
  fs::resize_file(whole, fs::file_size(whole) / 2);
  CHECK(mentions(says(whole), {"truncated or damaged .gz"}));
  const std::string cut = folder.write_gz("cut.gz", good);  // all values, but not the checksum behind them
  fs::resize_file(cut, fs::file_size(cut) - 8);
  CHECK(mentions(says(cut), {"truncated or damaged .gz"}));
}

TEST_CASE("The idx source pairs pictures with labels, or says why it cannot", "[training]") {
  const Folder folder;
  const std::string pictures = folder.write("p", idx_bytes(8, {2, 2, 2}, "abcdefgh"));
  const std::string labels = folder.write("l", idx_bytes(8, {2}, {0, 2}));
  const Idx idx{pictures, labels, pictures, labels, {}};
  const Data data = idx.load();
  CHECK(data.train.inputs().sizes() == torch::IntArrayRef({1, 1, 2, 2}));
  CHECK(data.valid.inputs().sizes() == torch::IntArrayRef({1, 1, 2, 2}));
  CHECK(data.train.classes == std::vector<std::string>{"0", "1", "2"});
  CHECK(data.test.targets()[1].item<int64_t>() == 2);
  CHECK_FALSE(Idx{pictures, "", pictures, "", {}}.load().train.targets().defined());

  const std::string three = folder.write("l3", idx_bytes(8, {3}, {0, 1, 2}));
  CHECK(mentions(refusal([&] {
                   Idx{pictures, three, pictures, labels, {}}.load();
                 }),
                 {"3 labels", "2 rows"}));
  CHECK(mentions(refusal([&] {
                   Idx{pictures, pictures, pictures, labels, {}}.load();
                 }),
                 {"rank 1", "rank 3"}));
  const std::string real = folder.write("lf", idx_bytes(13, {2}, std::string(8, 0)));
  CHECK(mentions(refusal([&] {
                   Idx{pictures, real, pictures, labels, {}}.load();
                 }),
                 {"unsigned bytes", "found rank 1, floats"}));
  CHECK(mentions(refusal([&] { Idx{labels, labels, pictures, labels, {}}.load(); }), {"rank 2 .. 4"}));
  CHECK(mentions(refusal([&] {
                   Idx{pictures, labels, pictures, labels, {"a", "b"}}.load();
                 }),
                 {"label 2", "2 classes"}));
  CHECK(mentions(refusal([&] { Idx{pictures, labels, pictures, "", {}}.load(); }), {"both"}));
  CHECK(mentions(refusal([&] { Idx{}.load(); }), {"train_inputs"}));
  const std::string wide = folder.write("w", idx_bytes(8, {1, 1, 8}, "abcdefgh"));
  CHECK(mentions(refusal([&] { Idx{pictures, "", wide, "", {}}.load(); }), {"[1, 1, 8]", "[1, 2, 2]"}));
}

TEST_CASE("Fashion-MNIST comes from any folder of its four files; a missing one is named", "[training]") {
  const Folder folder;
  FashionMnist source{.path = folder.path.string()};
  CHECK(mentions(refusal([&] { source.load(); }), {"train-images-idx3-ubyte", "dataset-fashion-mnist"}));
  for (const std::string prefix : {"train", "t10k"}) {
    folder.write_gz(prefix + "-images-idx3-ubyte.gz", idx_bytes(8, {3, 1, 1}, "abc"));
    folder.write(prefix + "-labels-idx1-ubyte", idx_bytes(8, {3}, {9, 0, 1}));
  }
  source.train_size = 2;
  const Data data = source.load();
  CHECK(data.train.size() == 1);
  CHECK(data.valid.size() == 1);
  CHECK(data.test.size() == 3);
  CHECK(data.train.classes.size() == 10);
  source.train_size = 4;
  CHECK(mentions(refusal([&] { source.load(); }), {"data.train_size", "4 wanted, there are 3"}));
  source.train_size = 1;
  CHECK(mentions(refusal([&] { source.load(); }), {"1 rows cannot be split into training and validation"}));
}

TEST_CASE("A table becomes standardised inputs and classes", "[training]") {
  const Folder folder;
  Csv csv;
  csv.path =
      folder.write("t.csv", "a,kind,\"b, c\"\r\n1,\"x \"\"y\"\"\",10\r\n2,z,10\n\n3,z,10\n4,z,10\n5,z,10\n");
  csv.target = "kind";
  const Data data = csv.load();
  CHECK(data.train.size() == 3);
  CHECK(data.valid.size() == 1);
  CHECK(data.test.size() == 1);
  CHECK(data.train.classes == std::vector<std::string>{"x \"y\"", "z"});
  CHECK(data.train.inputs().mean(0)[0].item<float>() == Approx(0).margin(1e-6));
  CHECK(data.train.inputs().std(0, true)[0].item<float>() == Approx(std::sqrt(1.5)).epsilon(1e-5));
  CHECK(data.train.inputs().select(1, 1).abs().max().item<float>() == 0);  // a constant column
  CHECK(torch::equal(csv.load().train.inputs(), data.train.inputs()));

  csv.path = folder.write_gz("t.csv.gz", "a,n\n1,10\n2,9\n3,10\n");
  csv.target.assign(1, 'n');
  CHECK(csv.load().train.classes == std::vector<std::string>{"9", "10"});
  csv.target.clear();
  csv.columns = {"n"};
  csv.standardise = false;
  const Data unlabelled = csv.load();
  CHECK(unlabelled.train.inputs().size(1) == 1);
  CHECK_FALSE(unlabelled.train.targets().defined());
}

TEST_CASE("Tables are read as spreadsheets write them", "[training]") {
  const Folder folder;
  Csv csv;
  csv.target = "label";
  const auto load = [&](const std::string& text) {
    csv.path = folder.write("s.csv", text);
    return csv.load();
  };
  using Names = std::vector<std::string>;
  const Names words{"no", "yes"};
  CHECK(load("\xEF\xBB\xBFlabel,a\nyes,1\nno,2\nyes,3\nno,4\nyes,5\n").train.classes == words);
  const Data loose = load("label, a\r yes,1\rno ,2\r\"yes \" , 3\r \t\r\tno,4\r\"yes\" ,5");
  CHECK(loose.train.classes == words);
  CHECK(loose.train.size() + loose.valid.size() + loose.test.size() == 5);
  CHECK(load("label,a\n1,1\n1.0,2\n2,3\n+02.00,4\n1e0,5\n").train.classes == Names{"1", "2"});
  CHECK(load("label,a\n0,1\n-0.0,2\n.5,3\n0.50,4\n-1,5\n").train.classes == Names{"-1", "0", ".5"});
  const Names ids{"9007199254740992", "9007199254740993"};  // the same float64
  CHECK(load("label,a\n" + ids[1] + ",1\n" + ids[0] + ",2\n" + ids[0] + ",3\n" + ids[0] + ",4\n")
            .train.classes == ids);
  CHECK(load("label,a\n1,1\nword,2\n1.0,3\n+1,4\nword,5\n").train.classes == Names{"1", "word"});
  const std::string wide = "\xC2\xA0";  // a blank that does not break
  const Data spaced = load(wide + "label" + wide + ", a" + wide + "\nyes" + wide + ",1\n" + wide +
                           "yes,2\n\"no\"" + wide + ",3\nno," + wide + "4\n\u00a3" + wide + ",5\n");
  CHECK(spaced.train.classes == Names{"no", "yes", "\u00a3"});
  csv.columns = {"a"};
  CHECK(load("label , a \nyes,1\nno,2\nyes,3\nno,4\n").train.inputs().size(1) == 1);
}

TEST_CASE("Large numbers that differ by little are scaled before they are narrowed", "[training]") {
  const Folder folder;
  Csv csv;
  csv.target = "label";
  const auto inputs = [&](int64_t from) {
    std::string text = "label,time\n";
    for (int k = 0; k < 40; ++k)
      text += fmt::format("{},{}\n", k % 2 ? "late" : "early", from + k * 7 % 40 - 20);
    csv.path = folder.write("t.csv", text);
    return csv.load().train.inputs();
  };
  CHECK(torch::allclose(inputs(0), inputs(1'700'000'000), 0, 1e-6));
  csv.path = folder.write("big.csv", "label,a\nno,-3.4e38\nyes,3.4e38\nno,-7e37\nyes,1e38\nno,0\n");
  const Data big = csv.load();
  for (const auto* part : {&big.train, &big.valid, &big.test})
    CHECK(part->inputs().isfinite().all().item<bool>());
}

TEST_CASE("Tiny numbers are scaled as any others", "[training]") {
  const Folder folder;
  Csv csv;
  csv.target = "label";
  const auto inputs = [&](const std::string& power) {
    std::string text = "label,a,b\n";
    for (int k = 0; k < 40; ++k)
      text += fmt::format("{},{}e{},{}\n", k % 2 ? "late" : "early", k * 7 % 40 - 20, power, k);
    csv.path = folder.write("t.csv", text);
    return csv.load().train.inputs();
  };
  for (const char* power : {"-30", "-160", "-300"})
    CHECK(torch::allclose(inputs("0"), inputs(power), 0, 1e-6));
}

TEST_CASE("What float32 cannot hold is refused where nothing scales it", "[training]") {
  const Folder folder;
  Csv csv;
  csv.target = "label";
  const auto said = [&](const std::string& value, bool standardise) {
    csv.standardise = standardise;
    csv.path = folder.write("x.csv", "label,a\nno,1\nyes, " + value + "\nno,3\nyes,4\nno,5\n");
    return refusal([&] { csv.load(); });
  };
  for (const bool standardise : {false, true})
    CHECK(mentions(said("1e39", standardise), {"x.csv:3:6: column 'a': ", "too large", "3.4e38", "'1e39'"}));
  CHECK(mentions(said("1e-39", false), {"x.csv:3:6: ", "too small for float32", "'1e-39'"}));
  CHECK(said("1e-39", true).empty());
  CHECK(said("0", false).empty());
  CHECK(mentions(said("1e-400", true), {"x.csv:3:6: ", "too small, and not 0", "'1e-400'"}));
  CHECK(mentions(said("-1e400", true), {"x.csv:3:6: ", "too large", "'-1e400'"}));
  CHECK(mentions(said("16777217", false), {"x.csv:3:6: ", "2^24", "'16777217'"}));
  CHECK(said("16777218", false).empty());
  CHECK(said("-16777216", false).empty());
  CHECK(said("16777217", true).empty());
  CHECK(said("9007199254740992", true).empty());
  CHECK(mentions(said("9007199254740993", true), {"x.csv:3:6: ", "2^53", "'9007199254740993'"}));
  CHECK(mentions(said("-1e200", true), {"x.csv:3:6: ", "too large: ", "'-1e200'"}));
}

TEST_CASE("Broken tables are refused with line and column", "[training]") {
  const Folder folder;
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,x\nfoo,y\n"),
                 {"x.csv:3:1:", "column 'a'", "finite number", "'foo'"}));
  CHECK(mentions(csv_refusal(folder, "kind,a\nx,1\ny,nan\n"), {"x.csv:3:3:", "'nan'"}));
  CHECK(mentions(csv_refusal(folder, "kind,a\nx,1\ny,\n"), {"x.csv:3:3:", "''"}));
  CHECK(mentions(csv_refusal(folder, "kind,a\nx,1\ny,+-1\n"), {"x.csv:3:3:", "'+-1'"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,x\n1\n"), {"x.csv:3:1:", "expected 2 fields", "found 1"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,\"x\n"), {"x.csv:2:3:", "not closed"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,\"x\"y\n"), {"x.csv:2:3:", "comma"}));
  CHECK(mentions(csv_refusal(folder, "a,a,kind\n1,2,x\n"), {"x.csv:1:3:", "'a'"}));
  CHECK(mentions(csv_refusal(folder, "a,,kind\n1,2,x\n"), {"x.csv:1:3:", "column name"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,\n2,y\n"), {"x.csv:2:3:", "expected a class"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n"), {"at least one line"}));
  CHECK(mentions(csv_refusal(folder, ""), {"header row"}));
  CHECK(mentions(csv_refusal(folder, std::string("a\0b", 3)), {"not a text file"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,x\n2,x\n"), {"1 different values"}));
  CHECK(
      mentions(csv_refusal(folder, "a,kind\n1,x\n2,y\n", "knd"), {"no column 'knd'", "did you mean 'kind'"}));
  CHECK(mentions(csv_refusal(folder, "kind\nx\ny\n"), {"no input columns"}));
  CHECK(mentions(csv_refusal(folder, "a,kind\n1,x\x1b[31m\n2,y\n"), {"x.csv:2:3:", "'x\\x1b[31m'"}));
  CHECK(mentions(csv_refusal(folder, "a\xff,kind\n1,x\n2,y\n"), {"x.csv:1:1:", "in UTF-8"}));
  const std::string endless = csv_refusal(folder, "a,kind\n1," + std::string(3'000'000, 'x') + "\n2,y\n");
  CHECK(mentions(endless, {"x.csv:2:3:", "at most 200 bytes", "3000000"}));
  CHECK(endless.size() < 400);
  Csv unnamed;
  unnamed.path = folder.write("u.csv", "a,kind\n1,x\n2,y\n3,x\n4,y\n");
  unnamed.columns = {"a"};
  CHECK(mentions(unnamed.load().no_labels, {"data.target is missing", "a, kind"}));
  Csv missing;
  CHECK(mentions(refusal([&] { missing.load(); }), {"needs a path"}));
  missing.path = "no/such.csv";
  CHECK(mentions(refusal([&] { missing.load(); }), {"no/such.csv: no such file"}));
}

TEST_CASE("Columns of numbers are foretold as they stand", "[training][data]") {
  const Folder folder;
  std::string text = "a,b,price,weight\n";
  for (int i = 0; i < 40; ++i) text += fmt::format("{},{},{},{}\n", i, i % 3, 1000 + 5 * i, -i);
  Csv csv;
  csv.path = folder.write("prices.csv", text), csv.targets = {"price", "weight"};
  const Data data = csv.load();
  CHECK(data.train.numbers == csv.targets);
  CHECK(data.train.classes.empty());
  CHECK(data.train.inputs().size(1) == 2);
  CHECK(data.no_labels.empty());
  const torch::Tensor y = data.test.targets();
  CHECK(y.scalar_type() == torch::kFloat32);
  CHECK((y.select(1, 0) + 5 * y.select(1, 1)).equal(torch::full({y.size(0)}, 1000.0f)));
  csv.target = "a";
  CHECK(mentions(refusal([&] { csv.load(); }), {"found both"}));
  csv.target.clear(), csv.targets = {"prise"};
  CHECK(mentions(refusal([&] { csv.load(); }), {"prise", "'price'"}));
}
