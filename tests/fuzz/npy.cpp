// NumPy's arrays.
#include "core/formats/npy.h"

#include <zlib.h>

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_all(const core::formats::NpyArray& array) {
  const auto n = static_cast<size_t>(array.count());
  std::vector<float> floats(n);
  array.read(floats.data());
  std::vector<int64_t> integers(n);
  if (array.whole()) array.read(integers.data());
  std::vector<uint8_t> bytes(n);
  if (array.bytes()) array.read(bytes.data());
}

void read_npy(Bytes bytes) {
  const Held held(bytes, "file.npy");
  read_all(core::formats::NpyArray(held.path()));
}

void read_npz(Bytes bytes) {
  const Held held(bytes, "file.npz");
  for (const std::string& member : core::formats::npz_members(held.path()))
    read_all(core::formats::NpyArray(held.path(), member));
}

std::string array_of(const std::string& dtype, const std::string& order, const std::string& shape,
                     const std::string& values) {
  const std::string header =
      "{'descr': '" + dtype + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header + values;
}

std::vector<std::string> npy_seeds() {
  using std::string_literals::operator""s;
  return {array_of("<f4", "False", "(2,)", "\0\0\x80\x3f\0\0\0\xc0"s),
          array_of(">i2", "True", "(1, 2)", "\x01\x02\xff\xff"),
          array_of("|u1", "False", "(1, 2, 2)", "abcd"), array_of("<f2", "False", "()", "\0\x3c"s)};
}

std::string little(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255);
  return text;
}

// An archive of one entry.
std::string zip_of(const std::string& name, uint32_t method, const std::string& packed, size_t size,
                   uint32_t checksum) {
  const std::string sizes = little(checksum, 4) + little(packed.size(), 4) + little(size, 4),
                    fields = little(20, 2) + little(0, 2) + little(method, 2) + little(0, 4) + sizes +
                             little(name.size(), 2) + little(0, 2),
                    local = "PK\x03\x04" + fields + name + packed,
                    directory = "PK\x01\x02" + little(20, 2) + fields + little(0, 2) + little(0, 2) +
                                little(0, 2) + little(0, 4) + little(0, 4) + name;
  return local + directory + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
         little(directory.size(), 4) + little(local.size(), 4) + little(0, 2);
}

std::vector<std::string> npz_seeds() {
  const std::string array = array_of("|u1", "False", "(3,)", "abc");
  const auto checksum =
      static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(array.data()), array.size()));
  const auto length = static_cast<uint16_t>(array.size());
  const std::string one_block =
      "\x01" + little(length, 2) + little(static_cast<uint16_t>(~length), 2) + array;
  return {zip_of("x.npy", 0, array, array.size(), checksum),
          zip_of("y_train.npy", 8, one_block, array.size(), checksum)};
}

}  // namespace

Target npy() { return {"npy", read_npy, npy_seeds}; }
Target npz() { return {"npz", read_npz, npz_seeds}; }

}  // namespace tests::fuzz
