// The random numbers of N environments, in either precision.
#pragma once

#include <vector>

#include "core/archive.h"
#include "core/random.h"

namespace envs {

template <class Random>
class Streams;

// One generator per environment, continuing across its episodes as Gymnasium's does.
template <>
class Streams<core::Pcg64> {
 public:
  struct View {  // what a loop over environments needs
    core::Pcg64* random;
    core::Pcg64& at(size_t i, int32_t /*step*/) const { return random[i]; }
  };

  explicit Streams(size_t n) : random_(n) {}
  void seed(uint64_t seed) {
    for (size_t i = 0; i < random_.size(); ++i) random_[i] = core::Pcg64(seed + i);
  }
  void next_episode(size_t) {}
  View view() { return {random_.data()}; }
  void state(core::Archive& archive) { archive("random", random_); }

 private:
  std::vector<core::Pcg64> random_;
};

// Nothing but the episode's number is stored; every step addresses its own draws.
template <>
class Streams<core::Philox> {
 public:
  struct View {
    uint64_t seed;
    const uint32_t* episode;
    core::Philox at(size_t i, int32_t step) const { return {seed + i, episode[i], uint32_t(step)}; }
  };

  explicit Streams(size_t n) : episode_(n) {}
  void seed(uint64_t seed) {
    seed_ = seed;
    episode_.assign(episode_.size(), 0);
  }
  void next_episode(size_t i) { ++episode_[i]; }
  View view() { return {seed_, episode_.data()}; }
  void state(core::Archive& archive) {
    archive("seed", seed_);
    archive("episode", episode_);
  }

 private:
  uint64_t seed_ = 0;
  std::vector<uint32_t> episode_;
};

}  // namespace envs
