#include "training/nets/attention.h"

#include <cmath>
#include <vector>

#include "training/nets/kernels.h"

namespace training {

using torch::Tensor;

namespace {

using Heads = std::array<Tensor, 3>;  // queries, keys, values: [B, H, T, D / H]

Heads split(const Tensor& qkv, int64_t heads) {
  const int64_t B = qkv.size(0), T = qkv.size(1);
  const auto parts = qkv.view({B, T, 3, heads, -1}).permute({2, 0, 3, 1, 4}).unbind(0);
  return {parts[0], parts[1], parts[2]};
}

Tensor join(const Tensor& heads) { return heads.transpose(1, 2).flatten(2); }  // [B, H, T, D / H] -> [B, T, D]

// Rows of `q` are the last ones of those that `k` and `v` hold.
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v) {
  const int64_t T = q.size(2), S = k.size(2);
  Tensor scores = q.matmul(k.transpose(2, 3)) / std::sqrt(double(q.size(3)));  // [B, H, T, S]
  if (T > 1) {
    const Tensor future = torch::ones({T, S}, q.options().dtype(torch::kBool)).triu(S - T + 1);
    scores = scores.masked_fill(future, -INFINITY);
  }
  return scores.softmax(3).matmul(v);
}

// One head of one row: its columns of qkv, packed. T positions, W = D / H wide.
struct Head {
  int64_t T, W;
  std::vector<float> q, k, v, k_columns, v_columns;  // [T, W] three times, [W, T] twice

  Head(int64_t positions, int64_t width) : T(positions), W(width) {
    for (auto* part : {&q, &k, &v, &k_columns, &v_columns}) part->resize(size_t(T * W));
  }
};

void copy_rows(const float* from, int64_t from_row, float* to, int64_t to_row, int64_t rows, int64_t width) {
  for (int64_t t = 0; t < rows; ++t) std::copy_n(from + t * from_row, width, to + t * to_row);
}

// `from` is the head's first query; keys and values stand D and 2 D further in rows of 3 D.
void pack(Head& head, const float* from, int64_t D) {
  copy_rows(from, 3 * D, head.q.data(), head.W, head.T, head.W);
  copy_rows(from + D, 3 * D, head.k.data(), head.W, head.T, head.W);
  copy_rows(from + 2 * D, 3 * D, head.v.data(), head.W, head.T, head.W);
}

// Scores [T, T] to weights, row by row; what lies ahead gets none.
void causal_softmax(float* scores, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    float* row = scores + t * T;
    const float top = *std::max_element(row, row + t + 1);
    float sum = 0;
    for (int64_t s = 0; s <= t; ++s) sum += row[s] = std::exp(scale * (row[s] - top));
    for (int64_t s = 0; s <= t; ++s) row[s] /= sum;
    std::fill(row + t + 1, row + T, 0.0f);
  }
}

// d(loss)/d(weights) in, d(loss)/d(scores) out: p (d - sum(p d)) scale; p is 0 ahead, so that this is, too.
void softmax_backward(const float* weights, float* d, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    const float* p = weights + t * T;
    float* row = d + t * T;
    float sum = 0;
    for (int64_t s = 0; s <= t; ++s) sum += p[s] * row[s];
    for (int64_t s = 0; s < T; ++s) row[s] = scale * p[s] * (row[s] - sum);
  }
}

void product(int64_t M, int64_t N, int64_t K, const float* a, const float* b, float* c) {
  kernels::multiply_add({M, N, K, a, K, 1, b, c});
}
void product_of_transposed(int64_t M, int64_t N, int64_t K, const float* a, const float* b, float* c) {
  kernels::multiply_add({M, N, K, a, 1, M, b, c});
}

struct NativeAttention : torch::autograd::Function<NativeAttention> {
  using Context = torch::autograd::AutogradContext;

  static Tensor forward(Context* context, const Tensor& qkv, int64_t heads) {
    const int64_t B = qkv.size(0), T = qkv.size(1), D = qkv.size(2) / 3, W = D / heads;
    const Tensor weights = torch::zeros({B, heads, T, T}, qkv.options()), out = torch::empty({B, T, D}, qkv.options());
    Head head(T, W);
    std::vector<float> result(size_t(T * W));
    for (int64_t i = 0; i < B * heads; ++i) {
      const int64_t b = i / heads, h = i % heads;
      float* p = weights.data_ptr<float>() + i * T * T;
      pack(head, qkv.data_ptr<float>() + b * T * 3 * D + h * W, D);
      kernels::transpose(head.k.data(), T, W, head.k_columns.data());
      product(T, T, W, head.q.data(), head.k_columns.data(), p);
      causal_softmax(p, T, 1 / std::sqrt(float(W)));
      std::fill(result.begin(), result.end(), 0.0f);
      product(T, W, T, p, head.v.data(), result.data());
      copy_rows(result.data(), W, out.data_ptr<float>() + b * T * D + h * W, D, T, W);
    }
    context->save_for_backward({qkv, weights});
    return out;
  }

  static torch::autograd::variable_list backward(Context* context, const torch::autograd::variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const Tensor &qkv = saved[0], &weights = saved[1], d_out = grads[0].contiguous();
    const int64_t B = qkv.size(0), T = qkv.size(1), D = qkv.size(2) / 3, heads = weights.size(1), W = D / heads;
    const Tensor d_qkv = torch::empty_like(qkv);
    Head head(T, W), d_head(T, W);
    std::vector<float> d(size_t(T * W)), d_weights(size_t(T * T));
    for (int64_t i = 0; i < B * heads; ++i) {
      const int64_t b = i / heads, h = i % heads, at = b * T * 3 * D + h * W;
      const float* p = weights.data_ptr<float>() + i * T * T;
      pack(head, qkv.data_ptr<float>() + at, D);
      copy_rows(d_out.data_ptr<float>() + b * T * D + h * W, D, d.data(), W, T, W);
      for (auto* part : {&d_head.q, &d_head.k, &d_head.v, &d_weights}) std::fill(part->begin(), part->end(), 0.0f);
      product_of_transposed(T, W, T, p, d.data(), d_head.v.data());
      kernels::transpose(head.v.data(), T, W, head.v_columns.data());
      product(T, T, W, d.data(), head.v_columns.data(), d_weights.data());
      softmax_backward(p, d_weights.data(), T, 1 / std::sqrt(float(W)));
      product(T, W, T, d_weights.data(), head.k.data(), d_head.q.data());
      product_of_transposed(T, W, T, d_weights.data(), head.q.data(), d_head.k.data());
      float* to = d_qkv.data_ptr<float>() + at;
      copy_rows(d_head.q.data(), W, to, 3 * D, T, W);
      copy_rows(d_head.k.data(), W, to + D, 3 * D, T, W);
      copy_rows(d_head.v.data(), W, to + 2 * D, 3 * D, T, W);
    }
    return {d_qkv, {}};
  }
};

}  // namespace

Tensor causal_attention_twin(const Tensor& qkv, int64_t heads) {
  const auto [q, k, v] = split(qkv, heads);
  return join(attend(q, k, v));
}

Tensor causal_attention(const Tensor& qkv, int64_t heads) {
  const bool native = qkv.is_cpu() && qkv.scalar_type() == torch::kFloat32 && qkv.is_contiguous();
  return native ? NativeAttention::apply(qkv, heads) : causal_attention_twin(qkv, heads);
}

CausalAttentionImpl::CausalAttentionImpl(int64_t width, int64_t heads, double deviation, double out_deviation)
    : heads_(heads),
      qkv_(register_parameter("qkv", deviation * torch::randn({3 * width, width}))),
      out_(register_parameter("out", out_deviation * torch::randn({width, width}))) {}

Tensor CausalAttentionImpl::forward(const Tensor& x) {
  return torch::linear(causal_attention(torch::linear(x, qkv_), heads_), out_);
}

Tensor CausalAttentionImpl::forward(const Tensor& x, Seen& seen) {
  const auto [q, k, v] = split(torch::linear(x, qkv_), heads_);
  seen.keys = seen.keys.defined() ? torch::cat({seen.keys, k}, 2) : k;
  seen.values = seen.values.defined() ? torch::cat({seen.values, v}, 2) : v;
  return torch::linear(join(attend(q, seen.keys, seen.values)), out_);
}

}  // namespace training
