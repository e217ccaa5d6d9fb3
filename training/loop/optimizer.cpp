#include "training/loop/optimizer.h"

#include <cmath>

namespace training {

void OptimOptions::fields(core::Fields& f) {
  f.choice("algorithm", algorithm, "Optimiser", {"adam", "adamw", "rmsprop", "sgd"});
  f.add("lr", lr, "Learning rate before the schedule's factor", {.min = 0, .max = 1e3});
  f.add("momentum", momentum, "sgd: share of the last direction that is kept", {.min = 0, .max = 1});
  f.add("nesterov", nesterov, "sgd: look ahead along the momentum");
  f.add("beta1", beta1, "adam, adamw: decay of the gradient's mean", {.min = 0, .max = 1});
  f.add("beta2", beta2, "adam, adamw: decay of the gradient's square", {.min = 0, .max = 1});
  f.add("alpha", alpha, "rmsprop: decay of the gradient's square", {.min = 0, .max = 1});
  f.add("eps", eps, "Added to the denominator of adam, adamw and rmsprop", {.min = 0, .max = 1});
  f.add("weight_decay", weight_decay,
        "L2 pull to 0 (adamw: decoupled); biases, norms and embeddings are spared", {.min = 0, .max = 1});
  f.add("decay_embeddings", decay_embeddings, "Weight decay pulls embeddings, too");
  f.add("clip_norm", clip_norm, "Largest gradient norm, after clip_value; 0: no limit", {.min = 0});
  f.add("clip_value", clip_value, "Largest magnitude of a gradient element; 0: no limit", {.min = 0});
  f.add("accumulate", accumulate, "Updates whose gradients are averaged into one optimiser step",
        {.min = 1, .max = 1e6});
  f.add("ema_decay", ema_decay,
        "Moving average of the weights that evaluation and samples use, the plain mean of all so far until "
        "that is the longer memory; 0: none",
        {.min = 0, .max = 0.99999});
  schedule.fields(f);
}

void OptimOverride::fields(core::Fields& f) {
  f.choice("algorithm", algorithm, "Optimiser; optim: as there",
           {"optim", "adam", "adamw", "rmsprop", "sgd"});
  f.add("lr", lr, "Learning rate; null: as in optim", {.min = 0, .max = 1e3});
  f.add("momentum", momentum, "sgd: share of the last direction; null: as in optim", {.min = 0, .max = 1});
  f.add("beta1", beta1, "Decay of the gradient's mean; null: as in optim", {.min = 0, .max = 1});
  f.add("beta2", beta2, "Decay of the gradient's square; null: as in optim", {.min = 0, .max = 1});
  f.add("alpha", alpha, "rmsprop: decay of the gradient's square; null: as in optim", {.min = 0, .max = 1});
  f.add("eps", eps, "Added to the denominator; null: as in optim", {.min = 0, .max = 1});
  f.add("weight_decay", weight_decay, "Weight decay; null: as in optim", {.min = 0, .max = 1});
  f.add("clip_norm", clip_norm, "Largest gradient norm; null: as in optim", {.min = 0});
  f.add("clip_value", clip_value, "Largest magnitude of a gradient element; null: as in optim", {.min = 0});
  f.add("accumulate", accumulate, "Updates averaged into one step; null: as in optim",
        {.min = 1, .max = 1e6});
  f.add("ema_decay", ema_decay, "Moving average of the weights; null: as in optim",
        {.min = 0, .max = 0.99999});
  f.choice("schedule", schedule, "Course of the learning rate; optim: as there",
           {"optim", "constant", "linear", "cosine", "step", "one_cycle"});
  f.add("warmup", warmup, "Share of the budget over which the rate rises; null: as in optim",
        {.min = 0, .max = 1, .unit = "share of budget"});
  f.add("lr_end", lr_end, "Rate at the end; null: as in optim", {.min = 0, .max = 1, .unit = "share of lr"});
}

OptimOptions OptimOverride::over(OptimOptions base) const {
  const auto take = [](const auto& own, auto& value) { value = own.value_or(value); };
  const auto choose = [](const std::string& own, std::string& value) {
    if (own != "optim") value = own;
  };
  choose(algorithm, base.algorithm);
  choose(schedule, base.schedule.schedule);
  take(lr, base.lr);
  take(momentum, base.momentum);
  take(beta1, base.beta1);
  take(beta2, base.beta2);
  take(alpha, base.alpha);
  take(eps, base.eps);
  take(weight_decay, base.weight_decay);
  take(clip_norm, base.clip_norm);
  take(clip_value, base.clip_value);
  take(accumulate, base.accumulate);
  take(ema_decay, base.ema_decay);
  take(warmup, base.schedule.warmup);
  take(lr_end, base.schedule.lr_end);
  return base;
}

static std::vector<std::string> slots_of(const OptimOptions& o) {
  if (o.algorithm == "sgd")
    return o.momentum > 0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{};
  if (o.algorithm == "rmsprop") return {"square_avg"};
  return {"exp_avg", "exp_avg_sq"};
}

Optimizer::Optimizer(OptimOptions options, std::vector<Parameter> parameters)
    : options_(std::move(options)), parameters_(std::move(parameters)), slots_(slots_of(options_)) {
  for (const Parameter& parameter : parameters_) {
    auto& slots = state_.emplace_back();
    for (size_t s = 0; s < slots_.size(); ++s) slots.push_back(torch::zeros_like(parameter.tensor).detach());
  }
}

std::vector<std::pair<std::string, torch::Tensor>> Optimizer::state() const {
  std::vector<std::pair<std::string, torch::Tensor>> named;
  for (size_t p = 0; p < parameters_.size(); ++p)
    for (size_t s = 0; s < slots_.size(); ++s)
      named.emplace_back(slots_[s] + "/" + parameters_[p].name, state_[p][s]);
  return named;
}

void Optimizer::zero_grad() {
  for (Parameter& parameter : parameters_)
    if (torch::Tensor& gradient = parameter.tensor.mutable_grad(); gradient.defined()) gradient.zero_();
}

void Optimizer::step(double lr) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  for (size_t p = 0; p < parameters_.size(); ++p)
    if (parameters_[p].tensor.grad().defined()) update(parameters_[p], p, lr);
}

void Optimizer::update(Parameter& parameter, size_t index, double lr) {
  const bool decays = parameter.decay || (parameter.embedding && options_.decay_embeddings);
  const UpdateRule rule{options_, lr, decays ? options_.weight_decay : 0, steps_};
  torch::Tensor w = parameter.tensor, g = w.grad();
  auto& slots = state_[index];
  const torch::Tensor first = slots.empty() ? torch::Tensor() : slots[0];
  const torch::Tensor second = slots.size() < 2 ? torch::Tensor() : slots[1];
  const bool native = w.is_cpu() && w.scalar_type() == torch::kFloat32 && w.is_non_overlapping_and_dense() &&
                      w.strides() == g.strides();  // element by element, in whatever order they lie
  if (!native) return apply_tensors(rule, w, g, first, second);
  const auto data = [](const torch::Tensor& t) { return t.defined() ? t.data_ptr<float>() : nullptr; };
  apply_native(rule, data(w), data(g), data(first), data(second), w.numel());
}

static void adam_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                        float* __restrict m, float* __restrict v, int64_t n) {
  const bool decoupled = r.options.algorithm == "adamw";
  const auto b1 = static_cast<float>(r.options.beta1), b2 = static_cast<float>(r.options.beta2);
  const auto eps = static_cast<float>(r.options.eps);
  const auto step = static_cast<float>(r.lr / (1 - std::pow(r.options.beta1, r.step)));
  const auto root = static_cast<float>(std::sqrt(1 - std::pow(r.options.beta2, r.step)));
  const auto shrink = static_cast<float>(decoupled ? 1 - r.lr * r.weight_decay : 1);
  const auto pull = static_cast<float>(decoupled ? 0 : r.weight_decay);
  for (int64_t i = 0; i < n; ++i) {
    const float x = w[i] * shrink, d = g[i] + pull * x;
    m[i] = b1 * m[i] + (1 - b1) * d;
    v[i] = b2 * v[i] + (1 - b2) * d * d;
    w[i] = x - step * m[i] / (std::sqrt(v[i]) / root + eps);
  }
}

static void sgd_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                       float* __restrict m, int64_t n) {
  const auto lr = static_cast<float>(r.lr), pull = static_cast<float>(r.weight_decay);
  const auto keep = static_cast<float>(r.step == 1 ? 0 : r.options.momentum);
  const auto ahead = static_cast<float>(r.options.nesterov ? r.options.momentum : 0);
  for (int64_t i = 0; i < n; ++i) {
    float d = g[i] + pull * w[i];
    if (m) {
      m[i] = keep * m[i] + d;
      d = r.options.nesterov ? d + ahead * m[i] : m[i];
    }
    w[i] -= lr * d;
  }
}

static void rmsprop_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                           float* __restrict v, int64_t n) {
  const auto lr = static_cast<float>(r.lr), pull = static_cast<float>(r.weight_decay);
  const auto alpha = static_cast<float>(r.options.alpha), eps = static_cast<float>(r.options.eps);
  for (int64_t i = 0; i < n; ++i) {
    const float d = g[i] + pull * w[i];
    v[i] = alpha * v[i] + (1 - alpha) * d * d;
    w[i] -= lr * d / (std::sqrt(v[i]) + eps);
  }
}

void apply_native(const UpdateRule& rule, float* parameter, const float* gradient, float* first,
                  float* second, int64_t n) {
  if (rule.options.algorithm == "sgd") return sgd_native(rule, parameter, gradient, first, n);
  if (rule.options.algorithm == "rmsprop") return rmsprop_native(rule, parameter, gradient, first, n);
  adam_native(rule, parameter, gradient, first, second, n);
}

static void adam_tensors(const UpdateRule& r, torch::Tensor& w, torch::Tensor d, torch::Tensor& m,
                         torch::Tensor& v) {
  const double b1 = r.options.beta1, b2 = r.options.beta2;
  if (r.options.algorithm == "adamw")
    w.mul_(1 - r.lr * r.weight_decay);
  else
    d = d + r.weight_decay * w;
  m.mul_(b1).add_(d, 1 - b1);
  v.mul_(b2).addcmul_(d, d, 1 - b2);
  const torch::Tensor root = v.sqrt() / std::sqrt(1 - std::pow(b2, r.step)) + r.options.eps;
  w.addcdiv_(m, root, -r.lr / (1 - std::pow(b1, r.step)));
}

static void sgd_tensors(const UpdateRule& r, torch::Tensor& w, torch::Tensor d, torch::Tensor& m) {
  d = d + r.weight_decay * w;
  if (m.defined()) {
    m.mul_(r.step == 1 ? 0 : r.options.momentum).add_(d);
    d = r.options.nesterov ? d + r.options.momentum * m : m;
  }
  w.sub_(d, r.lr);
}

void apply_tensors(const UpdateRule& r, torch::Tensor w, torch::Tensor g, torch::Tensor first,
                   torch::Tensor second) {
  if (r.options.algorithm == "sgd") return sgd_tensors(r, w, g, first);
  if (r.options.algorithm != "rmsprop") return adam_tensors(r, w, g, first, second);
  const torch::Tensor d = g + r.weight_decay * w;
  first.mul_(r.options.alpha).addcmul_(d, d, 1 - r.options.alpha);
  w.addcdiv_(d, first.sqrt() + r.options.eps, -r.lr);
}

}  // namespace training
