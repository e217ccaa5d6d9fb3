#include "training/nets/attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "training/nets/kernels.h"

namespace training {

using torch::Tensor;

namespace {

using Heads = std::array<Tensor, 3>;  // queries, keys, values: [B, H, T, D / H]

Heads heads_of(const Tensor& qkv, int64_t heads) {
  const int64_t B = qkv.size(0), T = qkv.size(1);
  const auto parts = qkv.view({B, T, 3, heads, -1}).permute({2, 0, 3, 1, 4}).unbind(0);
  return {parts[0], parts[1], parts[2]};
}

Tensor join(const Tensor& heads) {
  return heads.transpose(1, 2).flatten(2);
}  // [B, H, T, D / H] -> [B, T, D]

// How much each position looks at each other: softmax(q k^T / sqrt(D / H)), [B, H, T, S]. Rows of `q` are the
// last ones of those that `k` holds.
Tensor weights_of(const Tensor& q, const Tensor& k) {
  const int64_t T = q.size(2), S = k.size(2);
  Tensor scores = q.matmul(k.transpose(2, 3)) / std::sqrt(double(q.size(3)));  // [B, H, T, S]
  if (T > 1) {
    const Tensor future = torch::ones({T, S}, q.options().dtype(torch::kBool)).triu(S - T + 1);
    scores = scores.masked_fill(future, -INFINITY);
  }
  return scores.softmax(3);
}

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v) { return weights_of(q, k).matmul(v); }

// Sixteen keys (fewer at the end) and the queries that see any of them, `first` .. T - 1: a block of rows of
// `width` weights. What lies ahead of a block is never computed.
struct Block {
  int64_t first, width;
  int64_t at;  // where its weights stand among those of the head
};

std::vector<Block> blocks_of(int64_t T) {
  constexpr int64_t keys = 16;
  std::vector<Block> blocks;
  for (int64_t first = 0, at = 0; first < T; first += keys) {
    blocks.push_back({first, std::min(keys, T - first), at});
    at += (T - first) * blocks.back().width;
  }
  return blocks;
}

int64_t weights_in(const std::vector<Block>& blocks, int64_t T) {
  return blocks.back().at + (T - blocks.back().first) * blocks.back().width;
}

// Calls visit(at, seen, ahead) for the part of query t's weights in each block: so many seen, so many ahead.
template <class Visit>
void each_part(const std::vector<Block>& blocks, int64_t t, Visit&& visit) {
  for (const Block& block : blocks) {
    if (block.first > t) return;
    const int64_t seen = std::min(block.width, t + 1 - block.first);
    visit(block.at + (t - block.first) * block.width, seen, block.width - seen);
  }
}

// Scores to weights, row by row; what lies ahead gets none.
void causal_softmax(float* scores, const std::vector<Block>& blocks, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    float top = -INFINITY, sum = 0;
    each_part(blocks, t, [&](int64_t at, int64_t seen, int64_t) {
      top = std::max(top, *std::max_element(scores + at, scores + at + seen));
    });
    each_part(blocks, t, [&](int64_t at, int64_t seen, int64_t ahead) {
      for (int64_t i = at; i < at + seen; ++i) sum += scores[i] = std::exp(scale * (scores[i] - top));
      std::fill_n(scores + at + seen, ahead, 0.0f);
    });
    each_part(blocks, t, [&, share = 1 / sum](int64_t at, int64_t seen, int64_t) {
      for (int64_t i = at; i < at + seen; ++i) scores[i] *= share;
    });
  }
}

// d(loss)/d(weights) in, d(loss)/d(scores) out: p (d - sum(p d)) scale; p is 0 ahead, so that this is, too.
void softmax_backward(const float* p, float* d, const std::vector<Block>& blocks, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    float sum = 0;
    each_part(blocks, t, [&](int64_t at, int64_t seen, int64_t) {
      for (int64_t i = at; i < at + seen; ++i) sum += p[i] * d[i];
    });
    each_part(blocks, t, [&](int64_t at, int64_t seen, int64_t ahead) {
      for (int64_t i = at; i < at + seen + ahead; ++i) d[i] = scale * p[i] * (d[i] - sum);
    });
  }
}

using Rows = std::vector<float>;  // [T, W], of one head

void copy_rows(const float* from, int64_t from_row, float* to, int64_t to_row, int64_t rows, int64_t width) {
  for (int64_t t = 0; t < rows; ++t) std::copy_n(from + t * from_row, width, to + t * to_row);
}

// One head of one row of the batch, T positions of W = D / H numbers: packed, since in qkv they stand in rows
// of 3 D.
struct Head {
  int64_t T, W;
  std::vector<Block> blocks;
  Rows q, k, v;
  std::vector<float> columns;  // [W, 16]: a block's keys or values, transposed

  Head(int64_t positions, int64_t width) : T(positions), W(width), blocks(blocks_of(positions)) {
    for (Rows* part : {&q, &k, &v}) part->resize(size_t(T * W));
    columns.resize(size_t(W * blocks[0].width));
  }

  void pack(const float* from, int64_t D) {
    copy_rows(from, 3 * D, q.data(), W, T, W);
    copy_rows(from + D, 3 * D, k.data(), W, T, W);
    copy_rows(from + 2 * D, 3 * D, v.data(), W, T, W);
  }
  void unpack(float* to, int64_t D) const {
    copy_rows(q.data(), W, to, 3 * D, T, W);
    copy_rows(k.data(), W, to + D, 3 * D, T, W);
    copy_rows(v.data(), W, to + 2 * D, 3 * D, T, W);
  }
  void clear() {
    for (Rows* part : {&q, &k, &v}) std::fill(part->begin(), part->end(), 0.0f);
  }

  // weights += x of^T: from the block's queries to its keys.
  void by_columns(const Block& b, const Rows& x, const Rows& of, float* weights) {
    kernels::transpose(of.data() + b.first * W, b.width, W, columns.data());
    kernels::multiply_add(
        {T - b.first, b.width, W, x.data() + b.first * W, W, 1, columns.data(), weights + b.at});
  }
  // to += weights of: from the keys to the queries.
  void add_by_weights(const Block& b, const float* weights, const Rows& of, Rows& to) const {
    kernels::multiply_add({T - b.first, W, b.width, weights + b.at, b.width, 1, of.data() + b.first * W,
                           to.data() + b.first * W});
  }
  // to += weights^T of: from the queries to the keys.
  void add_by_transposed(const Block& b, const float* weights, const Rows& of, Rows& to) const {
    kernels::multiply_add({b.width, W, T - b.first, weights + b.at, 1, b.width, of.data() + b.first * W,
                           to.data() + b.first * W});
  }
};

struct NativeAttention : torch::autograd::Function<NativeAttention> {
  using Context = torch::autograd::AutogradContext;

  static Tensor forward(Context* context, const Tensor& qkv, int64_t heads) {
    const int64_t B = qkv.size(0), T = qkv.size(1), D = qkv.size(2) / 3, W = D / heads;
    Head head(T, W);
    const int64_t of_head = weights_in(head.blocks, T);
    const Tensor weights = torch::zeros({B, heads, of_head}, qkv.options());
    const Tensor out = torch::empty({B, T, D}, qkv.options());
    Rows result(size_t(T * W));
    for (int64_t i = 0; i < B * heads; ++i) {
      const int64_t row = i / heads * T, column = i % heads * W;
      float* p = weights.data_ptr<float>() + i * of_head;
      head.pack(qkv.data_ptr<float>() + row * 3 * D + column, D);
      for (const Block& block : head.blocks) head.by_columns(block, head.q, head.k, p);
      causal_softmax(p, head.blocks, T, 1 / std::sqrt(float(W)));
      std::fill(result.begin(), result.end(), 0.0f);
      for (const Block& block : head.blocks) head.add_by_weights(block, p, head.v, result);
      copy_rows(result.data(), W, out.data_ptr<float>() + row * D + column, D, T, W);
    }
    context->save_for_backward({qkv, weights});
    return out;
  }

  static torch::autograd::variable_list backward(Context* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &qkv = saved[0], &weights = saved[1], d_out = gradients[0].contiguous();
    const int64_t B = qkv.size(0), T = qkv.size(1), D = qkv.size(2) / 3, heads = weights.size(1);
    const int64_t W = D / heads, of_head = weights.size(2);
    const Tensor d_qkv = torch::empty_like(qkv);
    Head head(T, W), d_head(T, W);
    Rows d(size_t(T * W));
    std::vector<float> d_weights(static_cast<size_t>(of_head));
    for (int64_t i = 0; i < B * heads; ++i) {
      const int64_t row = i / heads * T, column = i % heads * W;
      const float* p = weights.data_ptr<float>() + i * of_head;
      head.pack(qkv.data_ptr<float>() + row * 3 * D + column, D);
      copy_rows(d_out.data_ptr<float>() + row * D + column, D, d.data(), W, T, W);
      d_head.clear();
      std::fill(d_weights.begin(), d_weights.end(), 0.0f);
      for (const Block& block : head.blocks) {
        head.by_columns(block, d, head.v, d_weights.data());
        head.add_by_transposed(block, p, d, d_head.v);
      }
      softmax_backward(p, d_weights.data(), head.blocks, T, 1 / std::sqrt(float(W)));
      for (const Block& block : head.blocks) {
        head.add_by_weights(block, d_weights.data(), head.k, d_head.q);
        head.add_by_transposed(block, d_weights.data(), head.q, d_head.k);
      }
      d_head.unpack(d_qkv.data_ptr<float>() + row * 3 * D + column, D);
    }
    return {d_qkv, {}};
  }
};

}  // namespace

Tensor causal_attention_twin(const Tensor& qkv, int64_t heads) {
  const auto [q, k, v] = heads_of(qkv, heads);
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

Tensor CausalAttentionImpl::weights(const Tensor& x) {
  const auto [q, k, v] = heads_of(torch::linear(x, qkv_), heads_);
  return weights_of(q, k);
}

Tensor CausalAttentionImpl::forward(const Tensor& x, KvCache& cache) {
  const auto [q, k, v] = heads_of(torch::linear(x, qkv_), heads_);
  cache.keys = cache.keys.defined() ? torch::cat({cache.keys, k}, 2) : k;
  cache.values = cache.values.defined() ? torch::cat({cache.values, v}, 2) : v;
  return torch::linear(join(attend(q, cache.keys, cache.values)), out_);
}

}  // namespace training
