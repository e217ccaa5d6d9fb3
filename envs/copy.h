// A copy of one environment that goes its own way: what a planner tries things out on.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "envs/all.h"

namespace envs {

// Its actions are Discrete, at most 32.
class Copy {
 public:
  struct Outcome {
    double reward;
    bool terminated, ended;  // by the task; by that or by time
  };

  // Error, which names `planner`, where such an environment cannot be copied: what follows a restored state
  // is not what followed the saved one; or has other actions.
  Copy(const std::string& planner, const Options& options);

  const Spec& spec() const { return envs_->spec(); }
  // Remembers how the original stands: one environment of the same options.
  void take(Envs& original);
  // Back to where it was taken, with random numbers of its own from there on: what chance has in store for
  // the original cannot be looked up.
  void restart(uint64_t seed);
  Outcome step(int64_t action);
  uint32_t possible() const;  // bit a: whether action a may change something

 private:
  bool follows(const Options& options);

  std::unique_ptr<Envs> envs_;  // one, without autoreset
  std::map<std::string, std::vector<uint8_t>> taken_;
  std::vector<std::byte> obs_;
  mutable std::vector<uint8_t> mask_;
};

}  // namespace envs
