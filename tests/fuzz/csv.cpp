// Tables of numbers and classes, plain or .gz.
#include "core/formats/csv.h"

#include <numeric>

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

// As training/data/csv.cpp does: all but the last column are inputs, the last one has the classes. The first
// byte of a file chooses one of the formats, too.
void read_csv(Bytes bytes) {
  const Held held(bytes);
  const char choice = bytes.empty() ? ' ' : static_cast<char>(bytes[0]);
  const bool parted_by_semicolon = choice == 's', parted_by_tab = choice >= '0' && choice <= '9';
  const core::formats::CsvFormat format{parted_by_semicolon ? ';'
                                        : parted_by_tab     ? '\t'
                                                            : ',',
                                        parted_by_semicolon, !parted_by_tab};
  const core::formats::CsvTable table = core::formats::read_csv(held.path(), format);
  const size_t last = table.header.size() - 1;
  core::formats::column_of(table, table.header[last], "target");
  core::formats::class_numbers(table, last, core::formats::class_names(table, last));
  std::vector<size_t> inputs(last);
  std::iota(inputs.begin(), inputs.end(), size_t{0});
  core::formats::require_room(table, inputs.size());
  std::vector<double> numbers(table.lines.size() * inputs.size());
  core::formats::read_numbers(table, inputs, bytes.size() % 2 == 0, numbers.data(), parted_by_semicolon);
}

std::vector<std::string> csv_seeds() {
  return {"a,b,kind\n1,2,x\n3,4,y\n",       "\xEF\xBB\xBF\"a \"\"1\"\"\" , b\r\n +1.50,0\r\n-2e-3,01\r\n",
          "a,class\r1,1\r2,1.0\r3,2e0\r",   "w,\xC2\xA0n \n9007199254740992,5\n1e-40,6\n",
          "s;b;kind\n1,5;NA;x\n2;-3e1;y\n", "1\t2\tx\n2\t3\ty\n"};
}

}  // namespace

Target csv() { return {"csv", read_csv, csv_seeds}; }

}  // namespace tests::fuzz
