#include "agents/net_rows.h"

#include <algorithm>

#include "core/error.h"

namespace agents {

NetRows::NetRows(const envs::Space& space, int64_t B) : space_(space) {
  core::check(space.kind != envs::Space::Kind::multi_discrete,
              "env: networks read a Box or a Discrete observation, found {}", space.str());
  rows_ = space.is_discrete() ? torch::zeros({B}, torch::kInt64) : torch::zeros({B, space.size()});
}

template <class To>
static void convert(const envs::Space& space, const std::byte* from, To* to) {
  const auto copy = [&](const auto* values) {
    std::transform(values, values + space.size(), to, [](auto value) { return static_cast<To>(value); });
  };
  switch (space.dtype) {
    case envs::Dtype::float32:
      return copy(reinterpret_cast<const float*>(from));
    case envs::Dtype::uint8:
      return copy(reinterpret_cast<const uint8_t*>(from));
    case envs::Dtype::int32:
      return copy(reinterpret_cast<const int32_t*>(from));
    case envs::Dtype::int64:
      return copy(reinterpret_cast<const int64_t*>(from));
  }
}

void NetRows::put(int64_t b, const std::byte* observation) {
  if (space_.is_discrete())
    convert(space_, observation, rows_.data_ptr<int64_t>() + b);
  else
    convert(space_, observation, rows_.data_ptr<float>() + b * space_.size());
}

training::MlpInput NetRows::of(const std::byte* observations) {
  const bool in_place = space_.dtype == envs::Dtype::float32 && !space_.is_discrete();
  if (in_place) return {reinterpret_cast<const float*>(observations), nullptr};
  for (int64_t b = 0; b < rows_.size(0); ++b) put(b, observations + b * static_cast<int64_t>(space_.bytes()));
  return input();
}

training::MlpInput NetRows::input() const {
  if (space_.is_discrete()) return {nullptr, rows_.data_ptr<int64_t>()};
  return {rows_.data_ptr<float>(), nullptr};
}

}  // namespace agents
