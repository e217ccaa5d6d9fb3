// What LibTorch 1.13 (Debian 12) and 2.x (Debian 13) spell differently, spelt once.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <malloc.h>
#include "training/torch.h"

#include <string>
#include <utility>
#include <vector>

namespace training {

// A CPU generator of its own; the state is a uint8 tensor (ByteTensor) that get_state()/set_state() exchange.
inline torch::Generator make_generator(uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

// The generator that torch's own initialisers and dropout use.
inline torch::Generator default_generator() { return at::detail::getDefaultCPUGenerator(); }

// Those of this device: the CPU's, which also serves what is drawn there for CUDA, and CUDA's own.
inline std::vector<std::pair<std::string, torch::Generator>> default_generators(torch::Device device) {
  std::vector<std::pair<std::string, torch::Generator>> all{{"torch", default_generator()}};
  if (device.is_cuda()) all.emplace_back("torch_cuda", at::globalContext().defaultGenerator(device));
  return all;
}

// Freed memory stays with the process: given back after every operation and asked for again, pages that the
// kernel must clear cost a variational autoencoder a quarter of its time.
inline void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

// LibTorch's own warnings (stack traces of anomaly mode, notices of deprecation) are kept off the terminal:
// what a user must know is in our messages.
struct SilentWarnings : c10::WarningHandler {
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning&) override {}
#else
  void process(const c10::SourceLocation&, const std::string&, bool) override {}
#endif
};

inline void silence_warnings() {
  static SilentWarnings silent;
#if TORCH_VERSION_MAJOR >= 2
  c10::WarningUtils::set_warning_handler(&silent);
#else
  c10::Warning::set_warning_handler(&silent);
#endif
}

}  // namespace training
