// IDX files (the format of MNIST), plain or gzip: two zero bytes, type, rank, big-endian sizes, values.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace core::formats {

class IdxReader {
 public:
  // Reads the header. Errors name the file, what was expected and what was found: missing, not IDX, another
  // type, truncated, more values than memory has room for.
  explicit IdxReader(const std::filesystem::path& file);
  const std::vector<int64_t>& shape() const { return shape_; }  // rank 1 .. 4
  bool real() const { return item_ == 4; }                      // float32 (type 0x0D), else uint8 (type 0x08)
  int64_t bytes() const { return bytes_; }
  // All values, once, as this machine has them. Error: truncated, longer than the header says, not finite.
  void read(void* values);

 private:
  int64_t take(uint8_t* to, int64_t count);
  void read_header();

  std::filesystem::path file_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> gz_;
  int64_t item_ = 1, bytes_ = 0;  // of a value, of all
  std::vector<int64_t> shape_;
};

}  // namespace core::formats
