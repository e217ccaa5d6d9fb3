// Zip archives (APPNOTE 6.3.3), as far as NumPy writes .npz with them: entries stored or deflated, by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace core::formats {

class ZipReader {
 public:
  // Reads the directory at the archive's end. Errors name the file: no zip, truncated, in several parts.
  explicit ZipReader(const std::filesystem::path& file);

  std::vector<std::string> names() const;  // in the archive's order
  // The bytes of an entry. Error: no such entry (with the nearest name), encrypted, packed in another way,
  // damaged, more than memory has room for.
  std::string read(const std::string& name) const;

 private:
  struct Entry {
    std::string name;
    uint32_t flags = 0, method = 0, checksum = 0;
    uint64_t packed = 0, size = 0, place = 0;  // place: of its own header
  };
  void read_directory();
  uint64_t number(uint64_t at, int bytes) const;
  std::string inflated(const Entry& entry, std::string_view packed) const;

  std::string file_, bytes_;
  std::vector<Entry> entries_;
};

}  // namespace core::formats
