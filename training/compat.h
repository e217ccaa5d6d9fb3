// What LibTorch 1.13 (Debian 12) and 2.x (Debian 13) spell differently, spelt once.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

namespace training {

// A CPU generator of its own; the state is a uint8 tensor (ByteTensor) that get_state()/set_state() exchange.
inline torch::Generator make_generator(uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

// The generator that torch's own initialisers and dropout use.
inline torch::Generator default_generator() { return at::detail::getDefaultCPUGenerator(); }

}  // namespace training
