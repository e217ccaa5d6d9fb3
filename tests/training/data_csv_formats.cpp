// CSV as other countries and programs write it: separators, decimal commas, no header, missing values.
#include <algorithm>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "training/data/csv.h"

using torch::Tensor;
using training::data::Csv;
using training::data::Data;

namespace {

Csv csv_of(const Scratch& scratch, const std::string& text) {
  Csv csv;
  csv.path = (scratch / "x.csv").string();
  std::ofstream(csv.path) << text;
  csv.target = "kind";
  csv.standardise = false;
  return csv;
}

// All rows of the three parts, in the order of their first number.
Tensor sorted_rows(const Data& data) {
  const Tensor rows = torch::cat({data.train.inputs(), data.valid.inputs(), data.test.inputs()});
  return rows.index_select(0, rows.select(1, 0).argsort());
}

Tensor table_of(const std::vector<std::vector<float>>& rows) {
  std::vector<Tensor> all;
  for (const auto& row : rows) all.push_back(torch::tensor(row));
  return torch::stack(all);
}

Tensor first_table() { return table_of({{1.5f, -2}, {2.5f, 30}, {3.25f, 0.5f}, {4, 7}}); }

}  // namespace

TEST_CASE("The same table has the same rows whatever parts its cells and its decimals", "[training][csv]") {
  const Scratch scratch;
  const std::string table = "a,b,kind\n1.5,-2,x\n2.5,3e1,y\n3.25,.5,x\n4,7.0,y\n";
  const auto rewritten = [&](char separator, bool comma, const std::string& end) {
    std::string text;
    for (const char c : table)
      text += c == ','            ? std::string(1, separator)
              : c == '.' && comma ? ","
              : c == '\n'         ? end
                                  : std::string(1, c);
    return text;
  };
  for (const auto& [name, separator] : {std::pair{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}})
    for (const bool comma : {false, true})
      for (const std::string end : {"\n", "\r\n"}) {
        if (separator == ',' && comma) continue;
        Csv csv = csv_of(scratch, "\xEF\xBB\xBF" + rewritten(separator, comma, end));
        csv.separator = name;
        csv.decimal = comma ? "comma" : "point";
        INFO(name << (comma ? " decimal comma" : ""));
        const Data data = csv.load();
        CHECK(torch::equal(sorted_rows(data), first_table()));
        CHECK(data.train.classes == std::vector<std::string>{"x", "y"});
      }
}

TEST_CASE("Quoted cells hold separators and decimal commas", "[training][csv]") {
  const Scratch scratch;
  Csv csv =
      csv_of(scratch, "a,b,kind\n\"1,5\",-2,\"u,v\"\n\"2,5\",30,w\n\"3,25\",\",5\",w\n4,\"7,0\",\"u,v\"\n");
  csv.decimal = "comma";
  const Data data = csv.load();
  CHECK(torch::equal(sorted_rows(data), first_table()));
  CHECK(data.train.classes == std::vector<std::string>{"u,v", "w"});
}

TEST_CASE("Classes that are numbers are the same with a comma as with a point", "[training][csv]") {
  const Scratch scratch;
  Csv csv = csv_of(scratch, "a;kind\n1;0,5\n2;00,50\n3;10\n4;2\n5;2,0\n6;10,0\n");
  csv.separator = "semicolon";
  csv.decimal = "comma";
  CHECK(csv.load().train.classes == std::vector<std::string>{"0,5", "2", "10"});
}

TEST_CASE("Without a header the columns have numbers for names", "[training][csv]") {
  const Scratch scratch;
  Csv csv = csv_of(scratch, "1.5\t-2\tx\n2.5\t3e1\ty\n3.25\t.5\tx\n4\t7.0\ty\n");
  csv.separator = "tab";
  csv.header = false;
  csv.target = "column_3";
  CHECK(torch::equal(sorted_rows(csv.load()), first_table()));
  csv.target = "column_4";
  CHECK(refusal([&] { csv.load(); }).find("did you mean 'column_") != std::string::npos);
}

TEST_CASE("Missing values become what the training rows have", "[training][csv]") {
  const Scratch scratch;
  std::string text = "a,b,kind\n";
  for (int i = 0; i < 40; ++i) {
    const std::string second = i % 8 == 0
                                   ? std::vector<std::string>{"", "NA", "?", "NaN", "null"}[size_t(i / 8)]
                                   : std::to_string(i * i);
    text += std::to_string(i) + "," + second + "," + (i % 2 ? "x" : "y") + "\n";
  }
  Csv csv = csv_of(scratch, text);
  CHECK(refusal([&] { csv.load(); }).find("x.csv:2:3: column 'b': expected a finite number, found ''") !=
        std::string::npos);
  for (const std::string missing : {"mean", "median"}) {
    csv.missing = missing;
    const Data data = csv.load();
    std::vector<double> known;
    for (int64_t r = 0; r < data.train.size(); ++r)
      if (const auto a = data.train.inputs()[r][0].item<int64_t>(); a % 8 != 0)
        known.push_back(double(a * a));
    std::sort(known.begin(), known.end());
    double fill = known[(known.size() - 1) / 2];
    if (missing == "mean") fill = torch::tensor(known, torch::kFloat64).mean().item<double>();
    const Tensor rows = sorted_rows(data);
    for (int64_t a = 0; a < 40; ++a)
      CHECK(rows[a][1].item<double>() == Approx(a % 8 ? double(a * a) : fill).epsilon(1e-6));
    CHECK(data.note.find("5 missing values filled with the column's " + missing) != std::string::npos);
    csv.standardise = true;
    const Data scaled = csv.load();
    CHECK(scaled.train.inputs().mean(0).abs().max().item<double>() < 1e-5);
    CHECK(torch::cat({scaled.valid.inputs(), scaled.test.inputs()}).isfinite().all().item<bool>());
    csv.standardise = false;
  }
}

TEST_CASE("Tables of another format are refused with file, line and what to try", "[training][csv]") {
  const Scratch scratch;
  const auto says = [&](const std::string& text, auto change) {
    Csv csv = csv_of(scratch, text);
    change(csv);
    return refusal([&] { csv.load(); });
  };
  const auto has = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  const auto as_it_is = [](Csv&) {};
  const auto german = [](Csv& csv) { csv.separator = "semicolon", csv.decimal = "comma"; };
  has(says("a;b;kind\n1;2;x\n", as_it_is), "try data.separator: semicolon");
  has(says("a\tb\tkind\n1\t2\tx\n", as_it_is), "try data.separator: tab");
  has(says("a;kind\n1;x\n1.5;y\n", german),
      "x.csv:3:1: column 'a': expected a finite number with a decimal comma");
  has(says("a;kind\n1;x\n1,5,5;y\n", german), "x.csv:3:1: ");
  has(says("a;kind\n1;\"x\" y\n", german), "x.csv:2:3: expected a semicolon");
  has(says("a;kind\n1;x\n1\n", german), "x.csv:3:1: expected 2 fields as in the header, found 1");
  has(says("1,x\n1\n", [](Csv& csv) { csv.header = false; }),
      "expected 2 fields as in the first line, found 1");
  const auto filled = [](Csv& csv) { csv.missing = "mean"; };
  has(says("a,kind\n?,x\nNA,y\n,x\n,y\n,y\n", filled), "column 'a': no training row has a number");
  has(says("a,kind\n1,x\n2,\n3,x\n", filled), "expected a class, found nothing");
  has(says("a,kind\n1,x\nunknown,y\n3,x\n", filled),
      "x.csv:3:1: column 'a': expected a finite number, found 'unknown'");
}
