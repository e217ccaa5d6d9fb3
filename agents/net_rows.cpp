#include "agents/net_rows.h"

#include "agents/tensors.h"

namespace agents {

NetRows::NetRows(const envs::Space& space, int64_t B, Turn turn)
    : space_(space),
      rows_(space.is_discrete() ? torch::zeros({B}, torch::kInt64) : torch::zeros({B, space.net_width()})),
      turn_(std::move(turn)) {}

void NetRows::put(int64_t b, const std::byte* observation) {
  if (space_.is_discrete()) {
    rows_.data_ptr<int64_t>()[b] = index_at(space_, observation);
    return;
  }
  float* row = rows_.data_ptr<float>() + b * space_.net_width();
  flat_view(space_, observation, row);
  if (turn_) turn_(row);
}

training::MlpInput NetRows::of(const std::byte* observations) {
  const bool in_place =
      !turn_ && space_.dtype == envs::Dtype::float32 && space_.kind == envs::Space::Kind::box;
  if (in_place) return {reinterpret_cast<const float*>(observations), nullptr};
  for (int64_t b = 0; b < rows_.size(0); ++b) put(b, observations + b * static_cast<int64_t>(space_.bytes()));
  return input();
}

training::MlpInput NetRows::input() const {
  if (space_.is_discrete()) return {nullptr, rows_.data_ptr<int64_t>()};
  return {rows_.data_ptr<float>(), nullptr};
}

}  // namespace agents
