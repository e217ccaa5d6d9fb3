// zlib reads plain files and .gz alike.
#include "core/formats/idx.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/memory.h"

namespace core::formats {

// Before it is opened: a pipe would wait for its writer.
static const std::filesystem::path& required(const std::filesystem::path& file) {
  require_data(file, "an IDX file");
  return file;
}

IdxReader::IdxReader(const std::filesystem::path& file)
    : file_(required(file)), gz_(gzopen(file_.c_str(), "rb"), gzclose) {
  check(gz_ != nullptr, "{}: cannot be read", file_.string());
  gzbuffer(gz_.get(), 1 << 17);
  read_header();
  const std::string what = fmt::format("data: {}: [{}] values", file_.string(), fmt::join(shape_, ", "));
  foresee_memory(2 * static_cast<double>(bytes_), what + ", held twice while some are set aside,");
  require_memory(static_cast<double>(bytes_), what);
}

// Up to `count` bytes; fewer only at the end of the file.
int64_t IdxReader::take(uint8_t* to, int64_t count) {
  int64_t got = 0;
  while (got < count) {
    const auto piece = static_cast<unsigned>(std::min<int64_t>(count - got, 1 << 24));
    const int n = gzread(gz_.get(), to + got, piece);
    if (n <= 0) {
      require_end(gz_.get(), file_);
      break;
    }
    got += n;
  }
  return got;
}

void IdxReader::read_header() {
  const std::string name = file_.string();
  std::array<uint8_t, 4> magic{};
  const int64_t got = take(magic.data(), 4);
  check(got == 4, "{}: not an IDX file, or truncated: {} bytes can be read", name, got);
  check(magic[0] == 0 && magic[1] == 0,
        "{}: not an IDX file: expected it to begin with 00 00 <type> <rank>, found {:02x}", name,
        fmt::join(magic, " "));
  check(magic[2] == 0x08 || magic[2] == 0x0d,
        "{}: IDX type 0x{:02x}: expected 0x08 (unsigned byte) or 0x0d (float)", name, magic[2]);
  check(magic[3] >= 1 && magic[3] <= 4, "{}: IDX of rank {}: expected 1 .. 4", name, magic[3]);
  bytes_ = item_ = magic[2] == 0x08 ? 1 : 4;
  // Deflate packs at most 1032 to 1: a larger claim is a broken header, and must not be allocated.
  const auto size = std::filesystem::file_size(file_);
  const double most = static_cast<double>(size) * 1032;
  for (int d = 0; d < magic[3]; ++d) {
    std::array<uint8_t, 4> b{};
    check(take(b.data(), 4) == 4, "{}: truncated inside its IDX header", name);
    shape_.push_back(int64_t{b[0]} << 24 | b[1] << 16 | b[2] << 8 | b[3]);
    check(static_cast<double>(bytes_) * static_cast<double>(shape_.back()) <= most,
          "{}: truncated or no IDX file: its header promises a shape of [{}], the file has {} bytes", name,
          fmt::join(shape_, ", "), size);
    bytes_ *= shape_.back();
  }
  check(bytes_ > 0, "{}: no values: its IDX header promises a shape of [{}]", name, fmt::join(shape_, ", "));
}

// Big-endian ones as this machine has them.
static void turn(uint8_t* bytes, int64_t count, const std::string& file) {
  bool finite = true;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t word = 0;
    std::memcpy(&word, bytes + 4 * i, sizeof word);
    if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
    finite &= std::isfinite(std::bit_cast<float>(word));
    std::memcpy(bytes + 4 * i, &word, sizeof word);
  }
  check(finite, "{}: holds numbers that are not finite (NaN or infinite)", file);
}

void IdxReader::read(void* values) {
  auto* bytes = static_cast<uint8_t*>(values);
  const int64_t got = take(bytes, bytes_);
  check(got == bytes_, "{}: truncated: expected {} bytes of values, found {}", file_.string(), bytes_, got);
  uint8_t more = 0;
  check(take(&more, 1) == 0, "{}: longer than the {} bytes of values its IDX header promises", file_.string(),
        bytes_);
  if (real()) turn(bytes, bytes_ / 4, file_.string());
}

}  // namespace core::formats
