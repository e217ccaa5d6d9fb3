// Nothing allocates per step or autoreset: malloc and its kin are counted by standing in for them, and so is
// Box2D's own allocator, whose blocks alone are not counted. The sanitizers bring their own malloc, so that
// under them this claim rests on the release build.
#include "tests/catch.h"
#include "tests/envs/batch.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <box2d/b2_settings.h>
#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<int64_t> allocations{0}, box2d_allocations{0};

}  // namespace

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) noexcept {
  ++allocations;
  return __libc_realloc(old, size);
}
void* memalign(size_t align, size_t size) noexcept {
  ++allocations;
  return __libc_memalign(align, size);
}
void* aligned_alloc(size_t align, size_t size) noexcept {
  ++allocations;
  return __libc_memalign(align, size);
}
int posix_memalign(void** out, size_t align, size_t size) noexcept {
  ++allocations;
  *out = __libc_memalign(align, size);
  return *out ? 0 : ENOMEM;
}
}

// The library finds these before its own, as it finds malloc.
void* b2Alloc_Default(int32 size) {
  ++box2d_allocations;
  return __libc_malloc(size_t(size));
}
void b2Free_Default(void* block) { std::free(block); }

namespace tests::allocation {

TEST_CASE("the allocation counter counts", "[envs]") {
  const int64_t before = allocations;
  std::vector<std::unique_ptr<int>> list;
  list.push_back(std::make_unique<int>(3));
  CHECK(allocations - before >= 2);
  const int64_t earlier = allocations;
  tests::Batch batch(envs::all().at("LunarLander-v3"), "exact", 1);
  const int64_t built = allocations;
  CHECK(built > earlier);
  batch.reset(0);
  CHECK(box2d_allocations > 0);
  CHECK(allocations == built);
}

namespace {

// Of 100 random steps, in which episodes end.
int64_t allocations_of(tests::Batch& batch) {
  core::Pcg64 random(2);
  batch.reset(0);
  int64_t ends = 0;
  const int64_t before = allocations;
  for (int t = 0; t < 100; ++t) {
    batch.draw_actions(random);
    batch.step();
    for (size_t i = 0; i < batch.n; ++i) ends += batch.ended(i);
  }
  const int64_t after = allocations;
  CHECK(ends >= int64_t(batch.n));
  return after - before;
}

}  // namespace

TEST_CASE("nothing allocates per step or autoreset", "[envs]") {
  int threads = 0;
#pragma omp parallel reduction(+ : threads)
  ++threads;  // OpenMP raises its threads once in a program, and that allocates
  CHECK(threads >= 1);
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    tests::Batch batch(entry, precision, 64, 30);
    CHECK(allocations_of(batch) == 0);
  });
}

TEST_CASE("nor does a wrapper, unless it draws", "[envs][wrappers]") {
  for (const envs::WrapperEntry& entry : envs::wrappers()) {
    const bool of_drawings = entry.name == "pixels" || entry.name == "grayscale" || entry.name == "resize";
    if (of_drawings) continue;
    INFO(entry.name);
    envs::WrapperOptions wrapper;
    wrapper.tagged().choose(entry.name, "");
    const char* id = entry.name == "one_hot" ? "FrozenLake-v1" : "Pendulum-v1";
    tests::Batch batch(envs::wrap(envs::all().at(id).factory().make(16, "exact", 30), {wrapper},
                                  envs::EnvPurpose::training));
    CHECK(allocations_of(batch) == 0);
  }
}

}  // namespace tests::allocation

#endif
