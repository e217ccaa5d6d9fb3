#include "core/journaled_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace core {

static uint64_t size_of(int descriptor) {
  struct stat state {};
  return ::fstat(descriptor, &state) == 0 ? static_cast<uint64_t>(state.st_size) : 0;
}

JournaledFile::JournaledFile(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {
  if (auto left = read_journal(path_)) {
    now_ = std::move(*left);
    standing_ = true;
  } else {
    now_.size = size_of(descriptor);
  }
}

JournaledFile::~JournaledFile() { ::close(descriptor_); }

// Parts of one page: work(number, first byte within it, bytes) for each page of [at, at + size), until false.
template <class Work>
static bool each_page(uint64_t at, size_t size, Work&& work) {
  for (size_t done = 0; done < size;) {
    const uint64_t number = (at + done) / page_size;
    const auto within = static_cast<size_t>((at + done) % page_size);
    const size_t some = std::min(size - done, page_size - within);
    if (!work(number, within, done, some)) return false;
    done += some;
  }
  return true;
}

bool JournaledFile::read_from_disk(uint64_t at, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t n = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    out = out.subspan(static_cast<size_t>(n));
    at += static_cast<uint64_t>(n);
  }
  std::fill(out.begin(), out.end(), std::byte{0});
  return true;
}

bool JournaledFile::read(uint64_t at, std::span<std::byte> out) const {
  if (!read_from_disk(at, out)) return false;
  return now_.pages.empty() ||
         each_page(at, out.size(), [&](uint64_t number, size_t within, size_t done, size_t some) {
           const auto page = now_.pages.find(number);
           if (page != now_.pages.end()) std::memcpy(out.data() + done, page->second.data() + within, some);
           return true;
         });
}

// With what stands there on the disk; null where that cannot be read.
Page* JournaledFile::page_for_writing(uint64_t number) {
  const auto [page, is_new] = now_.pages.try_emplace(number);
  if (is_new && !read_from_disk(number * page_size, page->second)) {
    now_.pages.erase(page);
    return nullptr;
  }
  if (is_new) now_.before[number] = sum_of(page->second);
  return &page->second;
}

bool JournaledFile::write(uint64_t at, std::span<const std::byte> bytes) {
  changed_ = true;
  now_.size = std::max(now_.size, at + bytes.size());
  return each_page(at, bytes.size(), [&](uint64_t number, size_t within, size_t done, size_t some) {
    Page* page = page_for_writing(number);
    if (page) std::memcpy(page->data() + within, bytes.data() + done, some);
    return page != nullptr;
  });
}

void JournaledFile::resize(uint64_t size) {
  changed_ |= size != now_.size;
  now_.size = size;
}

// A journal that could not be taken into the file is not written over before it has been.
bool JournaledFile::settle() {
  if (!standing_) return true;
  const auto left = read_journal(path_);
  if (left && !apply(*left, descriptor_)) return false;
  standing_ = false;
  return remove_journal(path_);
}

bool JournaledFile::commit() {
  if (!changed_) return true;
  if (!settle()) return false;
  if (!write_journal(path_, now_)) {
    const int why = errno;
    remove_journal(path_);
    errno = why;
    return false;
  }
  standing_ = true;
  if (!apply(now_, descriptor_)) return false;
  standing_ = false;
  changed_ = false;
  now_.pages.clear();
  now_.before.clear();
  return remove_journal(path_);
}

}  // namespace core
