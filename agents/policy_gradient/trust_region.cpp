#include "agents/policy_gradient/trust_region.h"

#include <cmath>

#include "agents/policy_gradient/divergence.h"

namespace agents {

void TrustRegionOptions::fields(core::Fields& own) {
  own.add("max_kl", max_kl, "How far a step may move the policy: mean KL(before || after) over the rollout",
          {.min = 0, .max = 10, .above = true, .unit = "nats"});
  own.add("cg_steps", cg_steps, "Steps of conjugate gradients, by which the direction is found",
          {.min = 1, .max = 10000, .unit = "steps"});
  own.add("cg_damping", cg_damping, "What is added to the diagonal of the Fisher matrix", {.min = 0});
  own.add("backtracks", backtracks, "Lengths of the step that are tried, from the longest on",
          {.min = 1, .max = 1000});
  own.add("backtrack_factor", backtrack_factor, "By how much each of them is shorter than the one before",
          {.min = 0, .max = 1, .above = true});
}

torch::Tensor conjugate_gradient(const std::function<torch::Tensor(const torch::Tensor&)>& product,
                                 const torch::Tensor& b, int64_t steps, double tolerance) {
  torch::Tensor x = torch::zeros_like(b), residual = b.clone(), direction = b.clone();
  double square = residual.dot(residual).item<double>();
  for (int64_t k = 0; k < steps && square >= tolerance; ++k) {
    const torch::Tensor image = product(direction);
    const double length = square / direction.dot(image).item<double>();
    x.add_(direction, length);
    residual.sub_(image, length);
    const double next = residual.dot(residual).item<double>();
    direction = residual + direction * (next / square);
    square = next;
  }
  return x;
}

namespace {

// Means over the batch: of r A, and of the policy's entropy, nats.
struct Worth {
  double surrogate = 0, entropy = 0;
};

// By an actor's outputs [B, K]; the slopes of the surrogate along them go into d_outputs where that is
// defined.
Worth worth(Actor& actor, const PolicyBatch& batch, const torch::Tensor& outputs,
            const torch::Tensor& d_outputs = {}) {
  const int64_t B = outputs.size(0), K = outputs.size(1);
  const float *rows = outputs.data_ptr<float>(), *before = batch.log_probs.data_ptr<float>(),
              *advantages = batch.advantages.data_ptr<float>();
  Worth sum;
  for (int64_t i = 0; i < B; ++i) {
    const ActionView action = actor->action_at(batch.actions, i);
    const Likelihood now = actor->likelihood(rows + i * K, action);
    const float pays = std::exp(now.log_prob - before[i]) * advantages[i];
    sum.surrogate += static_cast<double>(pays);
    sum.entropy += static_cast<double>(now.entropy);
    if (d_outputs.defined())
      actor->likelihood_backward(rows + i * K, action, pays / static_cast<float>(B), 0,
                                 d_outputs.data_ptr<float>() + i * K);
  }
  return {sum.surrogate / static_cast<double>(B), sum.entropy / static_cast<double>(B)};
}

// Of what is tried, longest first: the first step that is within the bound and gains something.
PolicyStep search_line(Actor& actor, const PolicyBatch& batch, const PolicyAnswer& before, double surrogate,
                       const torch::Tensor& longest, const TrustRegionOptions& options) {
  const torch::Tensor start = flat_parameters(actor);
  double share = 1;
  for (int64_t k = 0; k < options.backtracks; ++k, share *= options.backtrack_factor) {
    assign_parameters(actor, start + longest * share);
    const PolicyAnswer now = answer(actor, batch.seen, batch.mask);
    const double kl = divergence(actor, before, now),
                 gained = worth(actor, batch, now.outputs).surrogate - surrogate;
    if (kl <= options.max_kl && gained > 0) return {.surrogate = gained, .kl = kl, .share = share};
  }
  assign_parameters(actor, start);
  return {};
}

}  // namespace

PolicyStep trust_region_step(Actor& actor, const PolicyBatch& batch, const TrustRegionOptions& options) {
  // Find the slope g of the surrogate.
  const PolicyAnswer before = answer(actor, batch.seen, batch.mask);
  const torch::Tensor d_outputs = torch::zeros_like(before.outputs);
  const Worth first = worth(actor, batch, before.outputs, d_outputs);
  actor->backward(d_outputs);
  const torch::Tensor gradient = take_gradient(actor);  // [P]

  // Find the direction s = F^-1 g, and how long it is where s^T F s / 2 = max_kl.
  const auto product = [&](const torch::Tensor& v) {
    return fisher_product(actor, batch.seen, before, v) + options.cg_damping * v;
  };
  const torch::Tensor direction = conjugate_gradient(product, gradient, options.cg_steps);
  const double curvature = direction.dot(product(direction)).item<double>();

  // Go there, or as far as bound and gain are real.
  PolicyStep taken;
  if (curvature > 0)
    taken = search_line(actor, batch, before, first.surrogate,
                        direction * std::sqrt(2 * options.max_kl / curvature), options);
  taken.entropy = first.entropy;
  taken.grad_norm = gradient.norm().item<double>();
  return taken;
}

}  // namespace agents
