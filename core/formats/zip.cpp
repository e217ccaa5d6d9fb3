#include "core/formats/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/path.h"
#include "core/shown.h"

namespace core::formats {

static constexpr uint64_t most_zip_bytes = uint64_t{1} << 36;
static constexpr uint64_t end_length = 22, entry_length = 46, header_length = 30;

ZipReader::ZipReader(const std::filesystem::path& file) : file_(file.string()) {
  require_data(file, "a zip archive");
  require_memory(static_cast<double>(std::filesystem::file_size(file)), "data: " + file_);
  bytes_ = read_file(file, "a zip archive", most_zip_bytes);
  read_directory();
}

// Little-endian.
uint64_t ZipReader::number(uint64_t at, int bytes) const {
  check(at + static_cast<uint64_t>(bytes) <= bytes_.size(), "{}: truncated or damaged zip archive", file_);
  uint64_t value = 0;
  for (int i = bytes; i-- > 0;)
    value = value << 8 | static_cast<uint8_t>(bytes_[at + static_cast<uint64_t>(i)]);
  return value;
}

// The end record is the last one that its signature begins; a comment may follow it.
void ZipReader::read_directory() {
  const size_t end = bytes_.rfind("PK\x05\x06");
  check(end != std::string::npos && end + end_length <= bytes_.size(),
        "{}: not a zip archive, or truncated: it has no directory at its end", file_);
  check(number(end + 4, 2) == 0 && number(end + 6, 2) == 0, "{}: a part of a zip archive in several parts",
        file_);
  const uint64_t count = number(end + 10, 2);
  uint64_t at = number(end + 16, 4);
  check(at != 0xffffffff && count != 0xffff, "{}: a zip archive of the 64-bit kind, which is not read",
        file_);
  for (uint64_t i = 0; i < count; ++i) {
    check(number(at, 4) == 0x02014b50, "{}: truncated or damaged zip archive: entry {} of {}", file_, i + 1,
          count);
    const uint64_t name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
    check(at + entry_length + name <= bytes_.size(), "{}: truncated or damaged zip archive", file_);
    const std::string called = bytes_.substr(at + entry_length, name);
    const bool again =
        std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.name == called; });
    check(!again, "{}: '{}' is in it twice", file_, shown_start(called));
    entries_.push_back({called, static_cast<uint32_t>(number(at + 8, 2)),
                        static_cast<uint32_t>(number(at + 10, 2)), static_cast<uint32_t>(number(at + 16, 4)),
                        number(at + 20, 4), number(at + 24, 4), number(at + 42, 4)});
    at += entry_length + name + extra + comment;
  }
  check(at == end, "{}: truncated or damaged zip archive: its directory does not reach to its end", file_);
}

std::vector<std::string> ZipReader::names() const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_) all.push_back(entry.name);
  return all;
}

std::string ZipReader::read(const std::string& name) const {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.name == name; });
  check(found != entries_.end(), "{}: no entry '{}'{}", file_, shown(name), suggestion(name, names()));
  check((found->flags & 1) == 0, "{}: '{}' is encrypted", file_, shown(name));
  check(number(found->place, 4) == 0x04034b50, "{}: truncated or damaged zip archive: '{}'", file_,
        shown(name));
  const uint64_t begin =
      found->place + header_length + number(found->place + 26, 2) + number(found->place + 28, 2);
  check(begin <= bytes_.size() && found->packed <= bytes_.size() - begin, "{}: '{}' is truncated", file_,
        shown(name));
  const std::string_view packed = std::string_view(bytes_).substr(begin, found->packed);
  check(found->method == Z_DEFLATED || (found->method == 0 && found->packed == found->size),
        "{}: '{}' is packed by method {}, expected 0 (stored) or 8 (deflated)", file_, shown(name),
        found->method);
  std::string bytes = found->method == 0 ? std::string(packed) : inflated(*found, packed);
  const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  check(checksum == found->checksum, "{}: '{}' is damaged: its checksum does not fit", file_, shown(name));
  return bytes;
}

// Deflate packs at most 1032 to 1: a larger claim is a broken entry, and must not be allocated.
std::string ZipReader::inflated(const Entry& entry, std::string_view packed) const {
  check(entry.size <= packed.size() * 1032, "{}: '{}' is damaged: {} bytes cannot hold {}", file_,
        shown(entry.name), packed.size(), entry.size);
  require_memory(static_cast<double>(entry.size), fmt::format("data: {}: '{}'", file_, shown(entry.name)));
  std::string bytes(entry.size, '\0');
  z_stream stream{};
  check(inflateInit2(&stream, -MAX_WBITS) == Z_OK, "{}: zlib has no memory", file_);
  // zlib counts in 32 bits; entries of the 32-bit kind are no longer than that
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  check(whole, "{}: '{}' is damaged: it does not unpack to its {} bytes", file_, shown(entry.name),
        entry.size);
  return bytes;
}

}  // namespace core::formats
