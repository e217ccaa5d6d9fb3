// A batch of environments with the memory that a caller owns, for the environments' tests.
#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "envs/all.h"

namespace tests {

struct Batch {
  std::unique_ptr<envs::Envs> envs;
  size_t n, obs_bytes, action_width;
  std::vector<std::byte> obs, final_obs;
  std::vector<float> reward;
  std::vector<uint8_t> terminated, truncated;
  std::vector<double> returns;
  std::vector<int64_t> lengths;
  std::vector<int64_t> discrete;  // actions of the next step
  std::vector<float> continuous;

  explicit Batch(std::unique_ptr<envs::Envs> made)
      : envs(std::move(made)),
        n(size_t(envs->size())),
        obs_bytes(envs->spec().observation.bytes()),
        action_width(size_t(envs->spec().action.size())),
        obs(n * obs_bytes),
        final_obs(n * obs_bytes),
        reward(n),
        terminated(n),
        truncated(n),
        returns(n),
        lengths(n),
        discrete(n * action_width),
        continuous(n * action_width) {}
  Batch(const envs::Entry& entry, const std::string& precision, int64_t count,
        std::optional<int64_t> max_steps = std::nullopt)
      : Batch(entry.factory().make(count, precision, max_steps)) {}

  void reset(uint64_t seed) { envs->reset(seed, obs.data()); }
  void step() {
    envs->step({discrete.data(), continuous.data()},
               {obs.data(), reward.data(), terminated.data(), truncated.data(), final_obs.data(),
                returns.data(), lengths.data()});
  }
  // Draws environment i's action; the same generator gives the same action in any batch.
  void draw_action(size_t i, core::Pcg64& random) {
    envs::sample(envs->spec().action, random, &discrete[i * action_width], &continuous[i * action_width]);
  }
  void draw_actions(core::Pcg64& random) {
    for (size_t i = 0; i < n; ++i) draw_action(i, random);
  }

  bool ended(size_t i) const { return terminated[i] | truncated[i]; }
  const std::byte* row(const std::vector<std::byte>& from, size_t i) const {
    return from.data() + i * obs_bytes;
  }
  // Everything that environment i returned, as bytes to compare.
  std::string answer(size_t i) const {
    std::string bytes(reinterpret_cast<const char*>(row(obs, i)), obs_bytes);
    bytes.append(reinterpret_cast<const char*>(&reward[i]), sizeof(float));
    bytes += char(terminated[i]);
    bytes += char(truncated[i]);
    if (ended(i)) bytes.append(reinterpret_cast<const char*>(row(final_obs, i)), obs_bytes);
    return bytes;
  }
  std::string answers() const {
    std::string all;
    for (size_t i = 0; i < n; ++i) all += answer(i);
    return all;
  }
};

// All answers of so many random steps after a reset, always the same actions.
inline std::string play(Batch& batch, uint64_t seed, int steps) {
  core::Pcg64 random(99);
  batch.reset(seed);
  std::string all(reinterpret_cast<const char*>(batch.obs.data()), batch.obs.size());
  for (int t = 0; t < steps; ++t) {
    batch.draw_actions(random);
    batch.step();
    all += batch.answers();
  }
  return all;
}

// Element k of a row, whatever its dtype.
inline double element(const envs::Space& space, const std::byte* row, size_t k) {
  const auto as = [&]<class T>(T value) {
    std::memcpy(&value, row + k * sizeof(T), sizeof(T));
    return double(value);
  };
  switch (space.dtype) {
    case envs::Dtype::float32:
      return as(float());
    case envs::Dtype::uint8:
      return as(uint8_t());
    case envs::Dtype::int32:
      return as(int32_t());
    default:
      return as(int64_t());
  }
}

// Calls visit(entry, precision) for every row of the table in every precision.
template <class Visit>
void each_env(Visit visit) {
  for (const envs::Entry& entry : envs::all())
    for (const std::string& precision : entry.precisions) visit(entry, precision);
}

// What the error says that `run` must throw; "" when it throws none.
template <class Run>
std::string message(Run run) {
  try {
    run();
  } catch (const core::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace tests
