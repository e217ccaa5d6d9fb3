#include "agents/observation_batch.h"

#include "agents/tensors.h"

namespace agents {

ObservationBatch::ObservationBatch(const envs::Space& space, int64_t B, Transform transform)
    : space_(space),
      rows_(space.is_discrete() ? torch::zeros({B}, torch::kInt64) : torch::zeros({B, space.net_width()})),
      transform_(std::move(transform)) {}

void ObservationBatch::put(int64_t b, const std::byte* observation) {
  if (space_.is_discrete()) {
    rows_.data_ptr<int64_t>()[b] = index_at(space_, observation);
    return;
  }
  float* row = rows_.data_ptr<float>() + b * space_.net_width();
  flat_view(space_, observation, row);
  if (transform_) transform_(row);
}

training::MlpInput ObservationBatch::of(const std::byte* observations) {
  const bool in_place =
      !transform_ && space_.dtype == envs::Dtype::float32 && space_.kind == envs::Space::Kind::box;
  if (in_place) return {reinterpret_cast<const float*>(observations), nullptr};
  for (int64_t b = 0; b < rows_.size(0); ++b) put(b, observations + b * static_cast<int64_t>(space_.bytes()));
  return input();
}

training::MlpInput ObservationBatch::input() const {
  if (space_.is_discrete()) return {nullptr, rows_.data_ptr<int64_t>()};
  return {rows_.data_ptr<float>(), nullptr};
}

}  // namespace agents
