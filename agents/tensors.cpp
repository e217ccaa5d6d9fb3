#include "agents/tensors.h"

namespace agents {

static torch::ScalarType scalar_type(envs::Dtype dtype) {
  switch (dtype) {
    case envs::Dtype::uint8:
      return torch::kUInt8;
    case envs::Dtype::int32:
      return torch::kInt32;
    case envs::Dtype::int64:
      return torch::kInt64;
    case envs::Dtype::float32:
      break;
  }
  return torch::kFloat32;
}

static torch::Tensor space_tensor(const envs::Space& space, std::vector<int64_t> leading) {
  leading.insert(leading.end(), space.shape.begin(), space.shape.end());
  return torch::zeros(leading, scalar_type(space.dtype));
}

torch::Tensor observation_tensor(const envs::Spec& spec, std::vector<int64_t> leading) {
  return space_tensor(spec.observation, std::move(leading));
}

torch::Tensor action_tensor(const envs::Spec& spec, std::vector<int64_t> leading) {
  return space_tensor(spec.action, std::move(leading));
}

torch::Tensor for_net(const torch::Tensor& observations, const envs::Spec& spec) {
  const envs::Space& space = spec.observation;
  if (space.is_discrete()) return observations.to(torch::kInt64);
  const auto rank = static_cast<int64_t>(space.shape.size());
  if (space.kind == envs::Space::Kind::box) return observations.to(torch::kFloat32).flatten(-rank);
  const torch::Tensor rows = observations.contiguous().flatten(0, -2);          // [R, S]
  const torch::Tensor views = torch::empty({rows.size(0), space.net_width()});  // [R, O]
  for (int64_t r = 0; r < rows.size(0); ++r)
    flat_view(space, bytes(rows) + r * static_cast<int64_t>(space.bytes()),
              views.data_ptr<float>() + r * views.size(1));
  std::vector<int64_t> shape(observations.sizes().begin(), observations.sizes().end());
  shape.back() = views.size(1);
  return views.view(shape);
}

int64_t index_at(const envs::Space& space, const std::byte* observation) {
  if (space.dtype == envs::Dtype::uint8) return *reinterpret_cast<const uint8_t*>(observation);
  if (space.dtype == envs::Dtype::int32) return *reinterpret_cast<const int32_t*>(observation);
  return *reinterpret_cast<const int64_t*>(observation);
}

std::byte* bytes(const torch::Tensor& tensor) { return static_cast<std::byte*>(tensor.data_ptr()); }

envs::Actions actions_of(const torch::Tensor& actions, const envs::Spec& spec) {
  if (spec.action.kind == envs::Space::Kind::box) return {.continuous = actions.data_ptr<float>()};
  return {.discrete = actions.data_ptr<int64_t>()};
}

}  // namespace agents
