// The trick: half of the T x T weights lie ahead of their query and are 0, and most of them are never
// computed. The keys are cut into blocks of sixteen; a block of keys meets only the queries from its first
// key on, so that its weights are a matrix of [T - first, 16], and every sum is a product of matrices that
// the kernels multiply:
//
//   key block   0   1   2      scores  = Q K^T     one product for each block, [T - first, W] x [W, 16]
//   query  0    x   .   .      weights = softmax   query by query, over the blocks that it meets
//         16    x   x   .      out     = P V       one product for each block, added up
//         32    x   x   x
//
// Backward takes the same products with one side transposed. What lies ahead within a block gets weight 0.
// Heads are worked through one by one, packed, so that the memory of one serves them all.
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

// The part of one query's weights that lies in a block: so many seen, from `at` on, then so many ahead.
struct RowPart {
  int64_t at, seen, ahead;
};

// Calls visit(part) for each block that query t meets.
template <class Visit>
void each_part(const std::vector<Block>& blocks, int64_t t, Visit&& visit) {
  for (const Block& block : blocks) {
    if (block.first > t) return;
    const int64_t seen = std::min(block.width, t + 1 - block.first);
    visit(RowPart{block.at + (t - block.first) * block.width, seen, block.width - seen});
  }
}

// Largest score of query t.
float top_of(const float* scores, const std::vector<Block>& blocks, int64_t t) {
  float top = -INFINITY;
  each_part(blocks, t, [&](const RowPart& part) {
    const float* row = scores + part.at;
    top = std::max(top, *std::max_element(row, row + part.seen));
  });
  return top;
}

// Scores to exp(scale (score - top)), 0 ahead; returns their sum.
float exponentials(float* scores, const std::vector<Block>& blocks, int64_t t, float scale, float top) {
  float sum = 0;
  each_part(blocks, t, [&](const RowPart& part) {
    float* row = scores + part.at;
    for (int64_t i = 0; i < part.seen; ++i) sum += row[i] = std::exp(scale * (row[i] - top));
    std::fill_n(row + part.seen, part.ahead, 0.0f);
  });
  return sum;
}

// Scores to weights, row by row.
void causal_softmax(float* scores, const std::vector<Block>& blocks, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    const float top = top_of(scores, blocks, t);
    const float share = 1 / exponentials(scores, blocks, t, scale, top);
    each_part(blocks, t, [&](const RowPart& part) {
      for (int64_t i = 0; i < part.seen; ++i) scores[part.at + i] *= share;
    });
  }
}

// d(loss)/d(weights) in, d(loss)/d(scores) out: p (d - sum(p d)) scale; p is 0 ahead, so that this is, too.
void softmax_backward(const float* p, float* d, const std::vector<Block>& blocks, int64_t T, float scale) {
  for (int64_t t = 0; t < T; ++t) {
    float sum = 0;
    each_part(blocks, t, [&](const RowPart& part) {
      for (int64_t i = part.at; i < part.at + part.seen; ++i) sum += p[i] * d[i];
    });
    each_part(blocks, t, [&](const RowPart& part) {
      for (int64_t i = part.at; i < part.at + part.seen + part.ahead; ++i) d[i] = scale * p[i] * (d[i] - sum);
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

// Sizes, and where head i (of all rows of the batch, one after another) begins in tensors of D and 3 D
// columns.
struct AttentionShape {
  int64_t B, T, D, heads;

  AttentionShape(const Tensor& qkv, int64_t count)
      : B(qkv.size(0)), T(qkv.size(1)), D(qkv.size(2) / 3), heads(count) {}
  int64_t W() const { return D / heads; }
  int64_t count() const { return B * heads; }
  float scale() const { return 1 / std::sqrt(float(W())); }
  int64_t in_qkv(int64_t i) const { return i / heads * T * 3 * D + i % heads * W(); }
  int64_t in_out(int64_t i) const { return i / heads * T * D + i % heads * W(); }
};

// Weights of a head from its packed queries and keys; p is all zeros before.
void compute_weights(Head& head, float* p, float scale) {
  for (const Block& block : head.blocks) head.by_columns(block, head.q, head.k, p);
  causal_softmax(p, head.blocks, head.T, scale);
}

// out = p v, [T, W].
void weigh_values(const Head& head, const float* p, Rows& out) {
  std::fill(out.begin(), out.end(), 0.0f);
  for (const Block& block : head.blocks) head.add_by_weights(block, p, head.v, out);
}

// From d(loss)/d(out) [T, W] to d(loss)/d(weights), and to d(loss)/d(v), which it adds.
void values_backward(Head& head, const float* p, const Rows& d_out, std::vector<float>& d_weights,
                     Head& d_head) {
  std::fill(d_weights.begin(), d_weights.end(), 0.0f);
  for (const Block& block : head.blocks) {
    head.by_columns(block, d_out, head.v, d_weights.data());
    head.add_by_transposed(block, p, d_out, d_head.v);
  }
}

// From d(loss)/d(scores) to d(loss)/d(q) and d(loss)/d(k), which it adds.
void scores_backward(const Head& head, const float* d_scores, Head& d_head) {
  for (const Block& block : head.blocks) {
    head.add_by_weights(block, d_scores, head.k, d_head.q);
    head.add_by_transposed(block, d_scores, head.q, d_head.k);
  }
}

struct NativeAttention : torch::autograd::Function<NativeAttention> {
  using Context = torch::autograd::AutogradContext;

  static Tensor forward(Context* context, const Tensor& qkv, int64_t heads) {
    const AttentionShape s(qkv, heads);
    Head head(s.T, s.W());
    const int64_t of_head = weights_in(head.blocks, s.T);
    const Tensor weights = torch::zeros({s.B, heads, of_head}, qkv.options());
    const Tensor out = torch::empty({s.B, s.T, s.D}, qkv.options());
    Rows result(size_t(s.T * s.W()));
    for (int64_t i = 0; i < s.count(); ++i) {
      float* p = weights.data_ptr<float>() + i * of_head;
      head.pack(qkv.data_ptr<float>() + s.in_qkv(i), s.D);
      compute_weights(head, p, s.scale());
      weigh_values(head, p, result);
      copy_rows(result.data(), s.W(), out.data_ptr<float>() + s.in_out(i), s.D, s.T, s.W());
    }
    context->save_for_backward({qkv, weights});
    return out;
  }

  static torch::autograd::variable_list backward(Context* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &qkv = saved[0], &weights = saved[1], d_out = gradients[0].contiguous();
    const AttentionShape s(qkv, weights.size(1));
    const int64_t of_head = weights.size(2);
    const Tensor d_qkv = torch::empty_like(qkv);
    Head head(s.T, s.W()), d_head(s.T, s.W());
    Rows d(size_t(s.T * s.W()));
    std::vector<float> d_weights(static_cast<size_t>(of_head));
    for (int64_t i = 0; i < s.count(); ++i) {
      const float* p = weights.data_ptr<float>() + i * of_head;
      head.pack(qkv.data_ptr<float>() + s.in_qkv(i), s.D);
      copy_rows(d_out.data_ptr<float>() + s.in_out(i), s.D, d.data(), s.W(), s.T, s.W());
      d_head.clear();
      values_backward(head, p, d, d_weights, d_head);
      softmax_backward(p, d_weights.data(), head.blocks, s.T, s.scale());
      scores_backward(head, d_weights.data(), d_head);
      d_head.unpack(d_qkv.data_ptr<float>() + s.in_qkv(i), s.D);
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
