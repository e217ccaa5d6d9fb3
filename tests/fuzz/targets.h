// Readers of files from strangers, each as a function of bytes: what libFuzzer mutates (tests/fuzz.sh), and
// what the tests replay.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tests::fuzz {

using Bytes = std::span<const uint8_t>;

struct Target {
  const char* name;
  // Reads all there is to read. core::Error is how bytes are refused; anything else that is thrown is a
  // fault.
  void (*read)(Bytes);
  // Whole files, each below 10 kB (HDF5: 150 kB, most of it not written yet), some by our own writers.
  std::vector<std::string> (*seeds)();
  bool hdf5 = false;  // bytes have places: mutations keep the length
};

// Each in the file of its name.
Target actions();
Target checkpoint();
Target cifar();
Target csv();
Target d4rl();
Target episodes();
Target event();
Target experiment();
Target idx();
Target journal();
Target map();
Target minari();
Target npy();
Target npz();
Target override_();
Target picture();
Target run();
Target sweep();
Target text();

// All of them.
const std::vector<Target>& targets();
// Error with the names there are.
const Target& target(const std::string& name);

// Why the bytes were refused, "" where they were read; throws what is neither.
std::string refusal(const Target& target, Bytes bytes);

// A shipped text, "experiments/smoke.yaml".
std::string shipped(const std::string& file);

}  // namespace tests::fuzz
