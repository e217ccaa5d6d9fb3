// F = J^T M J: J is the slope of the outputs along the parameters, M the Hessian of a row's divergence along
// its outputs.
#include "agents/policy_gradient/divergence.h"

#include "training/distributions.h"

namespace agents {

PolicyAnswer answer(Actor& actor, const NetInput& seen, const torch::Tensor& mask) {
  const torch::Tensor outputs = actor->forward(seen, mask).clone();
  return {outputs, actor->discrete() ? torch::Tensor() : actor->log_std.detach().cpu().clone()};
}

// visit(logits of one softmax [B, n]), as parts of each of the same rows.
template <class Visit>
static void each_softmax(const Actor& actor, Visit&& visit) {
  int64_t first = 0;
  for (const int64_t n : actor->choices()) {
    visit([first, n](const torch::Tensor& rows) { return rows.narrow(1, first, n); });
    first += n;
  }
}

double divergence(const Actor& actor, const PolicyAnswer& then, const PolicyAnswer& now) {
  using training::Categorical, training::Normal;
  if (!actor->discrete())
    return kl(Normal(then.outputs, then.log_std), Normal(now.outputs, now.log_std))
        .sum(1)
        .mean()
        .item<double>();
  double sum = 0;
  each_softmax(actor, [&](const auto& part) {
    sum += kl(Categorical(part(then.outputs)), Categorical(part(now.outputs))).mean().template item<double>();
  });
  return sum;
}

torch::Tensor flat_parameters(const Actor& actor) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& p : actor->parameters())
    parts.push_back(p.detach().flatten().cpu().to(torch::kFloat64));
  return torch::cat(parts);
}

// [P] -> a tensor for each parameter, of its shape.
static std::vector<torch::Tensor> by_parameter(const Actor& actor, const torch::Tensor& flat) {
  std::vector<torch::Tensor> parts;
  int64_t first = 0;
  for (const torch::Tensor& p : actor->parameters()) {
    parts.push_back(flat.narrow(0, first, p.numel()).view(p.sizes()).to(p.options()));
    first += p.numel();
  }
  return parts;
}

void assign_parameters(Actor& actor, const torch::Tensor& values) {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> own = actor->parameters(), parts = by_parameter(actor, values);
  for (size_t i = 0; i < own.size(); ++i) own[i].copy_(parts[i]);
}

torch::Tensor take_gradient(Actor& actor) {
  std::vector<torch::Tensor> parts;
  for (torch::Tensor& p : actor->parameters()) {
    torch::Tensor& grad = p.mutable_grad();
    parts.push_back(grad.defined() ? grad.flatten().cpu().to(torch::kFloat64)
                                   : torch::zeros({p.numel()}, torch::kFloat64));
    if (grad.defined()) grad.zero_();
  }
  return torch::cat(parts);
}

// M `moved`, row by row: of a softmax p (d - p . d), of a Gaussian d / sigma^2.
static torch::Tensor metric_product(const Actor& actor, const PolicyAnswer& now, const torch::Tensor& moved) {
  if (!actor->discrete()) return moved * torch::exp(-2 * now.log_std);
  const torch::Tensor product = torch::empty_like(moved);  // [B, K]
  each_softmax(actor, [&](const auto& part) {
    const torch::Tensor p = part(now.outputs).softmax(1), d = part(moved);
    part(product).copy_(p * (d - (p * d).sum(1, true)));
  });
  return product;
}

// The actor's own parameter, log sigma, comes before those of its net, and 2 is its own part of the matrix.
torch::Tensor fisher_product(Actor& actor, const NetInput& seen, const PolicyAnswer& now,
                             const torch::Tensor& direction) {
  std::vector<torch::Tensor> of_net = by_parameter(actor, direction);
  if (!actor->discrete()) of_net.erase(of_net.begin());
  const torch::Tensor moved = actor->net().tangent(seen, of_net);  // [B, K]
  actor->backward(metric_product(actor, now, moved) / static_cast<double>(moved.size(0)));
  const torch::Tensor product = take_gradient(actor);
  if (!actor->discrete())
    product.narrow(0, 0, actor->outputs()).add_(direction.narrow(0, 0, actor->outputs()), 2);
  return product;
}

}  // namespace agents
