// A fence behind every aligned block, and so behind every tensor and every buffer of its kernels: loaded into
// a program with LD_PRELOAD, it ends it with SIGSEGV at the instruction that reads or writes behind a block,
// and with SIGABRT where a block that is freed was written between its end and the fence, or ahead of it.
// Nearly as fast as without, in any instruction set; blocks of malloc are not watched (valgrind does).
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" {
void __libc_free(void*);
void* __libc_malloc(size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

constexpr size_t page = 4096, fence = 4 * page, arena_size = size_t{16} << 40;  // address space alone
constexpr unsigned char colour = 0xA7;
constexpr size_t margin = 64;  // painted, ahead of the block

struct Head {  // ahead of the margin
  char* slot;
  size_t length, size;
  char* end;  // where the fence begins
};

void stop(const char* why) {
  [[maybe_unused]] const auto n = ::write(2, why, std::strlen(why));
  std::abort();
}

void* mapped(void* at, size_t length, int flags) {
  constexpr int quiet = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* p = ::mmap(at, length, PROT_NONE, quiet | flags, -1, 0);
  if (p == MAP_FAILED) stop("fence: no address space is left\n");
  return p;
}

char* arena() {
  static char* const start = static_cast<char*>(mapped(nullptr, arena_size, 0));
  return start;
}

std::atomic<size_t>& used() {
  static std::atomic<size_t> bytes{0};
  return bytes;
}

bool is_fenced(const void* p) { return used() > 0 && p >= arena() && p < arena() + arena_size; }

Head& head(void* p) { return *reinterpret_cast<Head*>(static_cast<char*>(p) - margin - sizeof(Head)); }

// The block ends at the fence, but for what its alignment leaves, which is painted. No slot is used twice.
void* fenced(size_t alignment, size_t size) {
  alignment = std::max<size_t>(alignment, 64);
  const size_t body = (size + alignment - 1) / alignment * alignment;
  const size_t pages = (body + page - 1) / page * page, length = page + pages + fence;
  char* slot = arena() + used().fetch_add(length);
  if (slot + length > arena() + arena_size || ::mprotect(slot, page + pages, PROT_READ | PROT_WRITE) != 0)
    stop("fence: too many blocks\n");
  char* end = slot + page + pages;
  char* p = end - body;
  head(p) = {slot, length, size, end};
  std::memset(p - margin, colour, margin);
  std::memset(p + size, colour, body - size);
  return p;
}

void check_paint(const char* from, const char* to, const char* why) {
  for (; from < to; ++from)
    if (static_cast<unsigned char>(*from) != colour) stop(why);
}

void release(char* p) {
  const Head h = head(p);
  check_paint(p - margin, p, "fence: something was written ahead of a block\n");
  check_paint(p + h.size, h.end, "fence: something was written behind a block\n");
  mapped(h.slot, h.length, MAP_FIXED);
}

void* aligned(size_t alignment, size_t size) {
  return size > 0 && alignment <= page ? fenced(alignment, size) : __libc_memalign(alignment, size);
}

}  // namespace

extern "C" {

int posix_memalign(void** out, size_t alignment, size_t size) {
  *out = aligned(alignment, size);
  return *out != nullptr || size == 0 ? 0 : ENOMEM;
}

void* aligned_alloc(size_t alignment, size_t size) { return aligned(alignment, size); }
void* memalign(size_t alignment, size_t size) { return aligned(alignment, size); }

void free(void* p) {
  const int error = errno;
  is_fenced(p) ? release(static_cast<char*>(p)) : __libc_free(p);
  errno = error;
}

void* realloc(void* p, size_t size) {
  if (!is_fenced(p)) return __libc_realloc(p, size);
  void* moved = __libc_malloc(size);
  std::memcpy(moved, p, std::min(size, head(p).size));
  free(p);
  return moved;
}

}  // extern "C"
