// Bytes as files that lie in memory alone, by names that any reader opens: nothing is written to a disk.
#pragma once

#include <filesystem>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/scratch.h"

namespace tests::fuzz {

// A file as long as it lives; there is one at a time.
class Held {
 public:
  explicit Held(Bytes bytes);
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  // At rest for years: nobody waits for its writer.
  const std::filesystem::path& path() const;
};

// A folder with links by these names, below it, to what is held at the time.
class HeldFolder {
 public:
  explicit HeldFolder(const std::string& name);
  const std::filesystem::path& path() const { return scratch_.folder; }

 private:
  Scratch scratch_;
};

}  // namespace tests::fuzz
