#include "agents/action_mask.h"

namespace agents {

torch::Tensor mask_tensor(const envs::Spec& spec, std::vector<int64_t> leading) {
  if (!spec.action_mask) return {};
  leading.push_back(spec.action.n[0]);
  return torch::ones(leading, torch::kUInt8);
}

void read_mask(const envs::Envs& envs, const torch::Tensor& mask) {
  if (mask.defined()) envs.action_mask(mask.data_ptr<uint8_t>());
}

torch::Tensor select_mask(const torch::Tensor& mask, const torch::Tensor& rows) {
  return mask.defined() ? mask.index_select(0, rows) : mask;
}

void apply_mask(const torch::Tensor& mask, const torch::Tensor& outputs) {
  if (!mask.defined()) return;
  const int64_t N = mask.size(0), A = mask.size(1), width = outputs.size(1);
  float* logits = outputs.data_ptr<float>();
  const uint8_t* possible = mask.data_ptr<uint8_t>();
  for (int64_t i = 0; i < N; ++i)
    for (int64_t a = 0; a < A; ++a)
      if (!possible[i * A + a]) logits[i * width + a] = impossible;
}

torch::Tensor random_actions(const torch::Tensor& mask, int64_t N, int64_t A, torch::Generator generator) {
  if (!mask.defined()) return torch::randint(A, {N}, generator, torch::kInt64);
  return torch::multinomial(mask.to(torch::kFloat32), 1, true, std::move(generator)).squeeze(1);
}

torch::Tensor explore(const torch::Tensor& actions, const torch::Tensor& mask, int64_t A, double epsilon,
                      torch::Generator generator) {
  const torch::Tensor random = random_actions(mask, actions.size(0), A, generator);
  return torch::where(torch::rand(actions.sizes(), generator) < epsilon, random, actions);
}

int64_t random_possible(int64_t A, MaskRow mask, core::Pcg64& random) {
  if (!mask) return random.integers(0, A);
  const int64_t possible = A - std::count(mask, mask + A, uint8_t{0});
  int64_t left = possible > 0 ? random.integers(0, possible) : -1;
  for (int64_t a = 0; a < A; ++a)
    if (mask[a] && left-- == 0) return a;
  return 0;
}

}  // namespace agents
