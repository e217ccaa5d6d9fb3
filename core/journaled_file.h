// A file of which nothing is seen until commit(), and then all: what is written stays in pages in memory and
// goes through a journal.
#pragma once

#include <span>

#include "core/journal.h"

namespace core {

class JournaledFile {
 public:
  // Takes the descriptor of `path`. What a stopped writer left in a journal is read as if it stood in the
  // file.
  JournaledFile(std::filesystem::path path, int descriptor);
  JournaledFile(const JournaledFile&) = delete;
  JournaledFile& operator=(const JournaledFile&) = delete;
  ~JournaledFile();  // what was not committed is gone

  int descriptor() const { return descriptor_; }
  uint64_t size() const { return now_.size; }
  void resize(uint64_t size);  // zeros where it grows

  // False where the system refuses, with its reason in errno. What lies behind the end is read as zeros.
  bool read(uint64_t at, std::span<std::byte> out) const;
  bool write(uint64_t at, std::span<const std::byte> bytes);
  // All that was written since the last one. Where it fails, all of it is kept for another try.
  bool commit();

 private:
  bool read_from_disk(uint64_t at, std::span<std::byte> out) const;
  Page* page_for_writing(uint64_t number);
  bool settle();

  std::filesystem::path path_;
  int descriptor_;
  Journal now_;            // the file's size, and the pages that differ from those on the disk
  bool changed_ = false;   // since the last commit
  bool standing_ = false;  // a whole journal is on the disk that has not been taken into the file yet
};

}  // namespace core
