#include "core/chunk_filters.h"

#include <algorithm>
#include <new>

namespace core::h5 {

static constexpr size_t cell_bytes = sizeof(uint64_t);
static constexpr int effort = 6;  // 9 saves one byte in a hundred and takes three times as long

static Bytes shuffled(const Cells& rows, size_t width) {
  const size_t count = rows.size() / width;
  Bytes planes(rows.size() * cell_bytes);
  for (size_t i = 0; i < count; ++i)
    for (size_t k = 0; k < width; ++k)
      for (size_t b = 0; b < cell_bytes; ++b)
        planes[(k * cell_bytes + b) * count + i] = static_cast<uint8_t>(rows[i * width + k] >> (8 * b));
  return planes;
}

Bytes compressed(const Cells& rows, size_t width) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(effort), libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  const Bytes planes = shuffled(rows, width);
  Bytes chunk(libdeflate_zlib_compress_bound(compressor.get(), planes.size()));
  chunk.resize(
      libdeflate_zlib_compress(compressor.get(), planes.data(), planes.size(), chunk.data(), chunk.size()));
  return chunk;
}

ChunkDecoder::ChunkDecoder(size_t rows, size_t width)
    : decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor),
      rows_(rows),
      bytes_(rows * width * cell_bytes) {
  if (!decompressor_) throw std::bad_alloc();
}

bool ChunkDecoder::decode(const Bytes& chunk) {
  if (!chunk.empty())
    return libdeflate_zlib_decompress(decompressor_.get(), chunk.data(), chunk.size(), bytes_.data(),
                                      bytes_.size(), nullptr) == LIBDEFLATE_SUCCESS;
  std::fill(bytes_.begin(), bytes_.end(), 0);
  return true;
}

void ChunkDecoder::column(size_t number, std::span<uint64_t> first_rows) const {
  const uint8_t* const planes = bytes_.data() + number * cell_bytes * rows_;
  const auto byte = [&](size_t b, size_t i) {
    return static_cast<uint64_t>(planes[b * rows_ + i]) << (8 * b);
  };
  for (size_t i = 0; i < first_rows.size(); ++i)
    first_rows[i] =
        byte(0, i) | byte(1, i) | byte(2, i) | byte(3, i) | byte(4, i) | byte(5, i) | byte(6, i) | byte(7, i);
}

}  // namespace core::h5
