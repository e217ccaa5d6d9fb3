// NumPy's arrays and the zip archives around them: values by hand, and how what is broken is refused.
#include "core/formats/npy.h"

#include <cmath>
#include <fstream>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::npy {

using core::formats::NpyArray;

namespace {

std::string array(const std::string& dtype, const std::string& shape, const std::string& values,
                  const std::string& order = "False") {
  const std::string header =
      "{'descr': '" + dtype + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + char(header.size()) + '\0' + header + values;
}

std::string little(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> 8 * i);
  return text;
}

// Of a zip's directory: a member "a.npy" of nothing, and where the directory lies.
std::string entry(uint64_t place) {
  return little(0x02014b50, 4) + std::string(24, '\0') + little(5, 2) + std::string(12, '\0') +
         little(place, 4) + "a.npy";
}
std::string end_of(uint64_t count, uint64_t place, uint64_t length) {
  return "PK\x05\x06" + std::string(4, '\0') + little(count, 2) + little(count, 2) + little(length, 4) +
         little(place, 4) + std::string(2, '\0');
}

std::string write(const Scratch& scratch, const std::string& bytes, const std::string& name = "x.npy") {
  const std::string file = (scratch / name).string();
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::vector<float> floats(const NpyArray& array) {
  std::vector<float> values(static_cast<size_t>(array.count()));
  array.read(values.data());
  return values;
}

}  // namespace

using std::string_literals::operator""s;

TEST_CASE("arrays of every type have the values that NumPy wrote", "[core][npy]") {
  const Scratch scratch;
  struct Case {
    std::string dtype, bytes;
    std::vector<float> expected;
  };
  const std::vector<Case> cases{
      {"|b1", "\0\1"s, {0, 1}},
      {"|u1", "\0\xff"s, {0, 255}},
      {"|i1", "\x01\xff"s, {1, -1}},
      {"<i2", "\x01\x02\xfe\xff"s, {513, -2}},
      {">i2", "\x02\x01\xff\xfe"s, {513, -2}},
      {"<u2", "\x01\x02\xfe\xff"s, {513, 65534}},
      {"<i4", "\x01\0\0\0\xff\xff\xff\xff"s, {1, -1}},
      {">u4", "\0\0\1\0\0\0\0\x07"s, {256, 7}},
      {"<i8", "\5\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff"s, {5, -2}},
      {"<f2", "\0\x3c\0\xc0"s, {1, -2}},                   // 1, -2
      {"<f2", "\x01\0\xff\x7b"s, {5.9604645e-8f, 65504}},  // the smallest, the largest
      {"<f4", "\0\0\x80\x3f\0\0\0\xc0"s, {1, -2}},
      {">f8", "\x3f\xf8\0\0\0\0\0\0\xc0\x04\0\0\0\0\0\0"s, {1.5f, -2.5f}}};
  for (const auto& [dtype, bytes, expected] : cases) {
    const NpyArray found(write(scratch, array(dtype, "(2,)", bytes)));
    INFO(dtype);
    CHECK(floats(found) == expected);
    CHECK(found.shape() == std::vector<int64_t>{2});
    CHECK(found.whole() == (dtype[1] != 'f'));
    CHECK(found.bytes() == (dtype == "|u1"));
    if (!found.whole()) continue;
    std::vector<int64_t> whole(2);
    found.read(whole.data());
    CHECK(std::vector<float>(whole.begin(), whole.end()) == expected);
  }
}

TEST_CASE("columns first or rows first, an array is the same", "[core][npy]") {
  const Scratch scratch;
  // a[i, j, k] = 100 i + 10 j + k of shape (2, 3, 2)
  std::string rows, columns;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k) rows += char(100 * i + 10 * j + k);
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) columns += char(100 * i + 10 * j + k);
  const auto one = floats(NpyArray(write(scratch, array("|u1", "(2, 3, 2)", rows))));
  CHECK(one == floats(NpyArray(write(scratch, array("|u1", "(2, 3, 2)", columns, "True")))));
  CHECK((one[0] == 0 && one[1] == 1 && one[2] == 10 && one[11] == 121));
}

TEST_CASE("what is no array of numbers is refused with its file", "[core][npy]") {
  const Scratch scratch;
  const auto says = [&](const std::string& bytes, const std::string& words,
                        const std::string& name = "x.npy") {
    const std::string text = refusal([&] { floats(NpyArray(write(scratch, bytes, name), "a")); });
    INFO(text);
    CHECK(text.find(name) != std::string::npos);
    CHECK(text.find(words) != std::string::npos);
  };
  const std::string good = array("<f4", "(2,)", "\0\0\x80\x3f\0\0\0\xc0"s);
  says("", "not a NumPy array");
  says("PK\x03\x04 is a zip", "not a NumPy array");
  says(good.substr(0, 40), "truncated inside its NumPy header");
  says(good.substr(0, good.size() - 1), "promises [2] values of 4 bytes, 7 bytes follow");
  says(good + "x", "9 bytes follow");
  says(array("<f4", "(2000000000, 2000000000, 2000000000)", ""), "0 bytes follow");
  says(array("<f4", "(-1,)", ""), "a side of '-1'");
  says(array("<f4", "(2", ""), "no shape");
  says(array("|O", "(1,)", "x"), "type '|O'");
  says(array("<U3", "(1,)", "x"), "type '<U3'");
  says(array("<c8", "(1,)", "12345678"), "type '<c8'");
  says(array("<f4", "(1,)", "\0\0\xc0\x7f"s), "value 0 is nan");
  says(array("<f8", "(1,)", "\0\0\0\0\0\0\xf0\x7f"s), "value 0 is inf");
  says(array("<f8", "(1,)", "\0\0\0\0\0\0\xf0\x7d"s), "within float32");
  says("\x93NUMPY\x09" + good.substr(7), "format version 9");
  says("", "not a zip archive", "x.npz");
  says("PK\x05\x06"s + std::string(18, '\0'), "no entry 'a.npy'", "x.npz");
  const std::string twice = entry(0) + entry(0);
  says(twice + end_of(2, 0, twice.size()), "'a.npy' is in it twice", "x.npz");
  says("gap" + entry(3) + "gap" + end_of(1, 3, entry(3).size()), "does not reach to its end", "x.npz");
  says(array("<f4", "(1,)", "1234", "Falsehood"), "no fortran_order");
  CHECK(refusal([&] { NpyArray((scratch / "none.npy").string()); }).find("no such file") !=
        std::string::npos);
  const NpyArray real(write(scratch, good)), bytes(write(scratch, array("|u1", "(1,)", "x")));
  std::vector<int64_t> whole(2);
  CHECK(refusal([&] { real.read(whole.data()); }).find("expected whole numbers") != std::string::npos);
  const NpyArray large(write(scratch, array("<u8", "(1,)", std::string(8, '\xff'))));
  CHECK(refusal([&] { large.read(whole.data()); }).find("beyond int64") != std::string::npos);
}

}  // namespace tests::npy
