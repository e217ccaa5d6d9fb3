// An environment as an experiment names it, for the tests of wrappers.
#pragma once

#include <string>

#include "tests/envs/batch.h"

namespace tests {

struct EnvSection {
  envs::Options env;
  void fields(core::Fields& f) { f.tagged("env", env.tagged(), "The environment"); }
};

inline envs::Options env_options(const std::string& section) {
  EnvSection read;
  core::read_options(read, core::parse_yaml("env: " + section, "x.yaml"));
  return read.env;
}

inline Batch env_batch(const std::string& section, int64_t n = 1,
                       envs::EnvPurpose purpose = envs::EnvPurpose::training) {
  return Batch(env_options(section).make(n, purpose));
}

inline std::string env_refusal(const std::string& section) {
  return message([&] { env_options(section).make(1); });
}

// Number k of environment i's row of float32.
inline float number(const Batch& b, const std::vector<std::byte>& rows, size_t i, size_t k) {
  float x = 0;
  std::memcpy(&x, b.row(rows, i) + k * sizeof x, sizeof x);
  return x;
}

}  // namespace tests
