// What a stopped writer left beside a file that grows in its place.
#include "core/journal.h"

#include <fcntl.h>

#include "core/journaled_file.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

// A file of 100 bytes, read through what stands beside it.
void read_journal(Bytes bytes) {
  static const std::vector<uint8_t> content(100, 'x');
  const Held file(content, "file");
  const Held beside(bytes, "file.journal");
  const core::JournaledFile opened(file.path(), ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<std::byte> all(10'000);
  opened.read(0, all);
}

// One of a page, one of two and a larger file, one of none.
std::vector<std::string> journal_seeds() {
  std::vector<std::string> seeds;
  for (const uint64_t pages : {1, 2, 0}) {
    const Scratch scratch;
    core::Journal journal{.size = 100 + 5'000 * pages, .pages = {}};
    for (uint64_t number = 0; number < pages; ++number) journal.pages[number].fill(std::byte{1});
    core::write_journal(scratch / "file", journal);
    seeds.push_back(bytes_of(scratch / "file.journal"));
  }
  return seeds;
}

}  // namespace

Target journal() { return {"journal", read_journal, journal_seeds}; }

}  // namespace tests::fuzz
