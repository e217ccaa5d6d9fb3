// Writes that happen all together or not at all: pages of a file are written beside it first, in
// FILE.journal, sealed by a checksum, and only then into their places. A process that is killed in between,
// or a disk that refuses, leaves the file as it was, or a whole journal from which the rest is taken
// (write-ahead logging: Gray and Reuter 1993, chapter 9).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

namespace core {

inline constexpr size_t page_size = 4096;  // bytes
using Page = std::array<std::byte, page_size>;
using Pages = std::map<uint64_t, Page>;  // by number: page n begins at byte n * page_size

struct Journal {
  uint64_t size = 0;  // of the file when all is written, bytes
  Pages pages;
  std::map<uint64_t, uint32_t> before;  // of each page the CRC-32 of what it takes the place of
};

uint32_t sum_of(const Page& page);  // its CRC-32

std::filesystem::path journal_of(const std::filesystem::path& file);

// The three return false where the system refuses, with its reason in errno.

// Beside `file`, on the disk for good before it counts.
bool write_journal(const std::filesystem::path& file, const Journal& journal);
// Pages into their places, the last ones first: what is new stands before what points to it.
bool apply(const Journal& journal, int descriptor);
bool remove_journal(const std::filesystem::path& file);

// What stands beside `file`; nothing where that is no whole journal, was not written to its end, or speaks of
// a file that is larger than both can hold.
std::optional<Journal> read_journal(const std::filesystem::path& file);

// What tells one journal from the next: the numbers that it begins with, its checksum among them.
using JournalMark = std::array<uint64_t, 4>;
// Of the one beside `file`, whole or not; nothing where there is none.
std::optional<JournalMark> journal_mark(const std::filesystem::path& file);

// How many of a journal's pages the file has already, has as they were when it was written, or has otherwise.
struct Followed {
  uint64_t done = 0, before = 0, otherwise = 0;
};
Followed followed(const Journal& journal, const std::filesystem::path& file);

// Before somebody writes to `file`, whose writer was stopped: takes what its journal holds, and removes it.
// Error(failed) with the system's reason where that cannot be.
void roll_forward(const std::filesystem::path& file);

}  // namespace core
