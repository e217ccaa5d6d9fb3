#include "training/loop/update_rules.h"

#include <cmath>

#include "core/error.h"

namespace training {

static void adam_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                        float* __restrict m, float* __restrict v, int64_t n) {
  const bool decoupled = r.algorithm == "adamw";
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

static void adagrad_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                           float* __restrict sum, int64_t n) {
  const auto lr = static_cast<float>(r.lr), pull = static_cast<float>(r.weight_decay);
  const auto eps = static_cast<float>(r.options.eps);
  for (int64_t i = 0; i < n; ++i) {
    const float d = g[i] + pull * w[i];
    sum[i] += d * d;
    w[i] -= lr * d / (std::sqrt(sum[i]) + eps);
  }
}

static void adadelta_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                            float* __restrict v, float* __restrict u, int64_t n) {
  const auto lr = static_cast<float>(r.lr), pull = static_cast<float>(r.weight_decay);
  const auto alpha = static_cast<float>(r.options.alpha), eps = static_cast<float>(r.options.eps);
  for (int64_t i = 0; i < n; ++i) {
    const float d = g[i] + pull * w[i];
    v[i] = alpha * v[i] + (1 - alpha) * d * d;
    const float step = std::sqrt(u[i] + eps) / std::sqrt(v[i] + eps) * d;
    u[i] = alpha * u[i] + (1 - alpha) * step * step;
    w[i] -= lr * step;
  }
}

static void lion_native(const UpdateRule& r, float* __restrict w, const float* __restrict g,
                        float* __restrict m, int64_t n) {
  const auto b1 = static_cast<float>(r.options.beta1), b2 = static_cast<float>(r.options.beta2);
  const auto lr = static_cast<float>(r.lr), shrink = static_cast<float>(1 - r.lr * r.weight_decay);
  for (int64_t i = 0; i < n; ++i) {
    const float d = b1 * m[i] + (1 - b1) * g[i];
    m[i] = b2 * m[i] + (1 - b2) * g[i];
    w[i] = shrink * w[i] - lr * static_cast<float>((d > 0) - (d < 0));
  }
}

void apply_native(const UpdateRule& rule, float* parameter, const float* gradient, float* first,
                  float* second, int64_t n) {
  const std::string& name = rule.algorithm;
  if (name == "sgd") return sgd_native(rule, parameter, gradient, first, n);
  if (name == "rmsprop") return rmsprop_native(rule, parameter, gradient, first, n);
  if (name == "adagrad") return adagrad_native(rule, parameter, gradient, first, n);
  if (name == "adadelta") return adadelta_native(rule, parameter, gradient, first, second, n);
  if (name == "lion") return lion_native(rule, parameter, gradient, first, n);
  core::check(name == "adam" || name == "adamw", "no rule for single elements: '{}'", name);
  adam_native(rule, parameter, gradient, first, second, n);
}

}  // namespace training
