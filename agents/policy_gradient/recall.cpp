#include "agents/policy_gradient/recall.h"

namespace agents {

Recall::Recall(int64_t T, int64_t N, int64_t M)
    : now(torch::zeros({N, M})), first(now), starts(torch::zeros({T + 1, N}, torch::kUInt8)) {}

// Nothing begins at step 0 that is not empty already.
void Recall::begin() { first = now.clone(); }

void Recall::end_episodes(int64_t t, const torch::Tensor& ended) {
  starts[t].copy_(ended);
  now = now * (ended == 0).to(torch::kFloat32).unsqueeze(1);
}

void Recall::state(core::Archive& archive) {
  archive("memory", reinterpret_cast<uint8_t*>(now.data_ptr()), now.nbytes());
}

torch::Tensor sequences(const torch::Tensor& order, int64_t T, int64_t N) {
  return (order.unsqueeze(1) + N * torch::arange(T, torch::kInt64)).flatten();  // [S * T]
}

}  // namespace agents
