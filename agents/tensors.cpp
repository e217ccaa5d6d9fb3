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
  if (spec.observation.is_discrete()) return observations.to(torch::kInt64);
  return observations.to(torch::kFloat32);
}

int64_t index_at(const envs::Space& space, const std::byte* observation) {
  if (space.dtype == envs::Dtype::int32) return *reinterpret_cast<const int32_t*>(observation);
  return *reinterpret_cast<const int64_t*>(observation);
}

std::byte* bytes(const torch::Tensor& tensor) { return static_cast<std::byte*>(tensor.data_ptr()); }

envs::Actions actions_of(const torch::Tensor& actions, const envs::Spec& spec) {
  if (spec.action.kind == envs::Space::Kind::box) return {.continuous = actions.data_ptr<float>()};
  return {.discrete = actions.data_ptr<int64_t>()};
}

}  // namespace agents
