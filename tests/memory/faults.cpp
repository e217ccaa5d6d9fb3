// Faults on purpose, each run alone: what watches the memory must see them.
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "tests/catch.h"
#include "training/torch.h"

using torch::Tensor;

// The fence and valgrind are asked by tests/memory/run, so that neither can be asleep.

TEST_CASE("a write behind a tensor", "[.fault]") {
  const Tensor x = torch::ones({96});
  volatile float* behind = x.data_ptr<float>() + 96;
  *behind = 1;
}

TEST_CASE("oneDNN's write behind a buffer", "[.fault]") {  // training/nets/layout.h; of AVX2 kernels
  at::set_num_threads(1);
  const Tensor x = torch::ones({2, 4, 8, 8}).contiguous(torch::MemoryFormat::ChannelsLast);
  const Tensor w = torch::ones({8, 4, 1, 1}).requires_grad_();
  torch::conv2d(x, w, {}, 2).sum().backward();
}

TEST_CASE("oneDNN's write behind a wider buffer", "[.fault]") {  // of AVX-512 kernels, by several threads
  at::set_num_threads(2);
  const Tensor x = torch::ones({5, 8, 16, 16}).contiguous(torch::MemoryFormat::ChannelsLast);
  const Tensor w = torch::ones({16, 8, 1, 1}).requires_grad_();
  torch::conv2d(x, w, {}, 2).sum().backward();
}

// Programs that die: tests/commands/crash.cpp.

TEST_CASE("a segmentation fault beside LibTorch", "[.crash]") {
  CHECK(torch::ones({3}).sum().item<float>() == 3);
  std::raise(SIGSEGV);
}

struct AtTheEnd {  // what is built before `main` goes last, as libraries do
  bool dies = false;
  ~AtTheEnd() {
    if (dies) std::raise(SIGSEGV);
  }
} at_the_end;

TEST_CASE("a segmentation fault as the program ends", "[.crash]") {
  at_the_end.dies = true;
  CHECK(at_the_end.dies);
}

TEST_CASE("an abort on a damaged heap beside LibTorch", "[.crash]") {
  CHECK(torch::ones({3}).sum().item<float>() == 3);
  std::vector<char*> blocks;
  for (int i = 0; i < 64; ++i) blocks.push_back(static_cast<char*>(std::malloc(40)));
  for (char* block : blocks) std::memset(block, 0x5A, 64);
  for (char* block : blocks) std::free(block);
}
