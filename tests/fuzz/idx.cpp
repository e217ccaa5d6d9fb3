// Arrays of bytes or floats, plain or .gz.
#include "core/formats/idx.h"

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_idx(Bytes bytes) {
  const Held held(bytes);
  core::formats::IdxReader reader(held.path());
  std::vector<uint8_t> values(static_cast<size_t>(reader.bytes()));
  reader.read(values.data());
}

std::vector<std::string> idx_seeds() {
  using std::string_literals::operator""s;
  return {"\0\0\x08\x01\0\0\0\x03\x01\x02\x03"s,
          "\0\0\x0d\x02\0\0\0\x01\0\0\0\x02\x3f\x80\0\0\xc0\x48\xf5\xc3"s,
          "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02\1\2\3\4\5\6\7\10"s,
          "\0\0\x08\x04\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\xff"s};
}

}  // namespace

Target idx() { return {"idx", read_idx, idx_seeds}; }

}  // namespace tests::fuzz
