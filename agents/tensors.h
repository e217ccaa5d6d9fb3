// Environments write into tensors: memory of the right dtype and shape for a Spec, and pointers into it.
#pragma once

#include "training/torch.h"

#include <cstddef>

#include "envs/envs.h"

namespace agents {

// Uninitialised memory for observations of `leading` (such as {T, N}): [leading..., O] or [leading...] when
// discrete.
torch::Tensor observation_tensor(const envs::Spec& spec, std::vector<int64_t> leading);
// Likewise for actions: int64 [leading...] or float32 [leading..., A].
torch::Tensor action_tensor(const envs::Spec& spec, std::vector<int64_t> leading);
// As nets want it: discrete values become int64 [...], all else its flat view, float32 [..., O]; a float32
// box is not copied.
torch::Tensor for_net(const torch::Tensor& observations, const envs::Spec& spec);

// One Discrete observation as a number.
int64_t index_at(const envs::Space& space, const std::byte* observation);

std::byte* bytes(const torch::Tensor& tensor);
envs::Actions actions_of(const torch::Tensor& actions, const envs::Spec& spec);

}  // namespace agents
