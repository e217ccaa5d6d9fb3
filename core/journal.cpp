#include "core/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/path.h"

namespace core {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t magic = 0x32'4C'4E'52'4A'4C'54'41;  // "ATLJRNL2"
constexpr uint64_t first_magic =
    0x31'4C'4E'52'4A'4C'54'41;  // "ATLJRNL1": it does not say what was there before

struct Header {
  uint64_t magic = 0, size = 0, pages = 0;
  uint64_t checksum = 0;  // CRC-32 of the numbers before and of all that follows
};

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int opened) : opened_(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  bool close() {  // false where the system says only now that it could not write
    const int opened = std::exchange(opened_, -1);
    return opened < 0 || ::close(opened) == 0;
  }
  operator int() const { return opened_; }

 private:
  int opened_;
};

using Bytes = std::vector<std::byte>;

constexpr uint64_t largest_hole = uint64_t{1} << 30;  // bytes that a file may gain without one written

uint64_t checksum_of(const Header& header, std::span<const std::byte> body) {
  uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(&header), offsetof(Header, checksum));
  sum = crc32_z(sum, reinterpret_cast<const Bytef*>(body.data()), body.size());
  return sum;
}

// What stands before each page: its number, and what it takes the place of.
struct PageHead {
  uint64_t number = 0, before = 0;
};

size_t stored_page_size(const Header& header) {
  return (header.magic == magic ? sizeof(PageHead) : sizeof(uint64_t)) + page_size;
}

Bytes packed(const Journal& journal) {
  Header header{.magic = magic, .size = journal.size, .pages = journal.pages.size()};
  Bytes all(sizeof header + journal.pages.size() * stored_page_size(header));
  std::byte* at = all.data() + sizeof header;
  for (const auto& [number, page] : journal.pages) {
    const auto before = journal.before.find(number);
    const PageHead entry{number, before == journal.before.end() ? 0 : before->second};
    std::memcpy(at, &entry, sizeof entry);
    std::memcpy(at + sizeof entry, page.data(), page_size);
    at += stored_page_size(header);
  }
  header.checksum = checksum_of(header, std::span(all).subspan(sizeof header));
  std::memcpy(all.data(), &header, sizeof header);
  return all;
}

bool is_whole(const Header& header, std::span<const std::byte> body) {
  const size_t entry = stored_page_size(header);
  return (header.magic == magic || header.magic == first_magic) && body.size() % entry == 0 &&
         header.pages == body.size() / entry && header.checksum == checksum_of(header, body);
}

Journal unpacked(const Header& header, std::span<const std::byte> body) {
  Journal journal{.size = header.size, .pages = {}, .before = {}};
  const size_t size = stored_page_size(header);
  for (; !body.empty(); body = body.subspan(size)) {
    PageHead entry;
    std::memcpy(&entry, body.data(), size - page_size);
    std::memcpy(journal.pages[entry.number].data(), body.data() + size - page_size, page_size);
    if (header.magic == magic) journal.before[entry.number] = static_cast<uint32_t>(entry.before);
  }
  return journal;
}

bool write_all(int descriptor, std::span<const std::byte> bytes, uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(n));
    at += static_cast<uint64_t>(n);
  }
  return true;
}

// Empty where it is no plain file, or cannot be read.
Bytes content_of(const fs::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat state {};
  if (opened < 0 || ::fstat(opened, &state) != 0 || !S_ISREG(state.st_mode)) return {};
  Bytes all(static_cast<size_t>(state.st_size));
  size_t read = 0;
  for (ssize_t n = 0;
       (n = ::pread(opened, all.data() + read, all.size() - read, static_cast<off_t>(read))) > 0;)
    read += static_cast<size_t>(n);
  all.resize(read);
  return all;
}

}  // namespace

fs::path journal_of(const fs::path& file) { return file.string() + ".journal"; }

// A new one: what lies there under its name may be another's file, too.
bool write_journal(const fs::path& file, const Journal& journal) {
  if (!remove_journal(file)) return false;
  Descriptor opened(
      ::open(journal_of(file).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  return opened >= 0 && write_all(opened, packed(journal), 0) && ::fsync(opened) == 0 && opened.close();
}

bool apply(const Journal& journal, int descriptor) {
  for (auto page = journal.pages.rbegin(); page != journal.pages.rend(); ++page) {
    const uint64_t at = page->first * page_size;
    const std::span<const std::byte> bytes = page->second;
    if (at < journal.size &&
        !write_all(descriptor, bytes.first(std::min<uint64_t>(page_size, journal.size - at)), at))
      return false;
  }
  return ::ftruncate(descriptor, static_cast<off_t>(journal.size)) == 0 && ::fsync(descriptor) == 0;
}

bool remove_journal(const fs::path& file) {
  return ::unlink(journal_of(file).c_str()) == 0 || errno == ENOENT;
}

std::optional<Journal> read_journal(const fs::path& file) {
  const Bytes all = content_of(journal_of(file));
  Header header;
  if (all.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, all.data(), sizeof header);
  const auto body = std::span(all).subspan(sizeof header);
  std::error_code unknown;
  const uint64_t held = fs::file_size(file, unknown);
  if (unknown || !is_whole(header, body) || header.size > held + all.size() + largest_hole)
    return std::nullopt;
  Journal journal = unpacked(header, body);
  const bool fits = journal.pages.empty() || journal.pages.rbegin()->first <= journal.size / page_size;
  return fits ? std::optional(std::move(journal)) : std::nullopt;
}

std::optional<JournalMark> journal_mark(const fs::path& file) {
  static_assert(sizeof(JournalMark) == sizeof(Header));
  const Descriptor opened(::open(journal_of(file).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (opened < 0 && errno == ENOENT) return std::nullopt;
  JournalMark mark{};
  if (opened >= 0 && ::pread(opened, mark.data(), sizeof mark, 0) != ssize_t{sizeof mark}) mark = {};
  return mark;
}

uint32_t sum_of(const Page& page) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(page.data()), page_size));
}

// Zeros behind the end of the file.
static Page page_of(int opened, uint64_t number) {
  Page page{};
  size_t read = 0;
  for (ssize_t n = 0; read < page_size && (n = ::pread(opened, page.data() + read, page_size - read,
                                                       static_cast<off_t>(number * page_size + read))) > 0;)
    read += static_cast<size_t>(n);
  return page;
}

Followed followed(const Journal& journal, const fs::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  Followed pages;
  for (const auto& [number, young] : journal.pages) {
    const Page page = page_of(opened, number);
    const auto before = journal.before.find(number);
    const bool same = before != journal.before.end() && before->second == sum_of(page);
    ++(page == young ? pages.done : same ? pages.before : pages.otherwise);
  }
  return pages;
}

void roll_forward(const fs::path& file) {
  std::error_code unknown;
  if (!fs::exists(fs::symlink_status(journal_of(file), unknown))) return;
  require_own(file);
  const std::optional<Journal> journal = read_journal(file);
  Descriptor opened(journal ? ::open(file.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1);
  const bool done = !journal || (opened >= 0 && apply(*journal, opened) && opened.close());
  if (!done || !remove_journal(file))
    throw Error(
        fmt::format("{}: its writer was stopped in the midst of a flush, and the rest, which {} holds, "
                    "cannot be written into it ({})",
                    file.string(), journal_of(file).filename().string(), std::strerror(errno)),
        Exit::failed);
}

}  // namespace core
