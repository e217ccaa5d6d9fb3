// As nanoGPT's model.py without biases (Karpathy 2022).
#include "training/nets/transformer.h"

#include <cassert>
#include <cmath>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/trace.h"

namespace training {

using torch::Tensor;

static constexpr double deviation = 0.02;  // of first weights

static Tensor normed(const Tensor& x, const Tensor& weight) {
  return torch::layer_norm(x, weight.sizes(), weight, {}, 1e-5);
}

void TransformerOptions::fields(core::Fields& f) {
  f.add("layers", layers, "Blocks of attention and a hidden layer", {.min = 1, .max = 1000});
  f.add("heads", heads, "Attention heads side by side; they divide the width", {.min = 1, .max = 1024});
  f.add("width", width, "Numbers that stand for a symbol between the blocks", {.min = 1, .max = 65536});
  f.add("dropout", dropout, "Share of activations dropped while learning", {.min = 0, .max = 0.99});
}

TransformerBlockImpl::TransformerBlockImpl(const TransformerOptions& o)
    : dropout_(o.dropout),
      norm_1_(register_parameter("norm_1", torch::ones({o.width}))),
      norm_2_(register_parameter("norm_2", torch::ones({o.width}))) {
  const double residual = deviation / std::sqrt(2 * double(o.layers));
  attention_ = register_module("attention", CausalAttention(o.width, o.heads, deviation, residual));
  up_ = register_parameter("up", deviation * torch::randn({4 * o.width, o.width}));
  down_ = register_parameter("down", residual * torch::randn({o.width, 4 * o.width}));
}

Tensor TransformerBlockImpl::drop(const Tensor& x) const {
  return dropout_ > 0 ? torch::dropout(x, dropout_, is_training()) : x;
}

Tensor TransformerBlockImpl::forward(const Tensor& x, KvCache* cache) {
  const Tensor h = normed(x, norm_1_);
  const Tensor y = x + drop(cache ? attention_->forward(h, *cache) : attention_->forward(h));
  const Tensor hidden = torch::gelu(torch::linear(normed(y, norm_2_), up_));  // [B, T, 4 D]
  return y + drop(torch::linear(hidden, down_));
}

Tensor TransformerBlockImpl::attention(const Tensor& x) { return attention_->weights(normed(x, norm_1_)); }

TransformerImpl::TransformerImpl(const std::string& name, int64_t symbols, int64_t longest,
                                 const TransformerOptions& o)
    : name_(name), dropout_(o.dropout) {
  core::check(o.width % o.heads == 0, "net.heads: {} heads do not divide a width of {}", o.heads, o.width);
  const double width = double(o.width);
  require_weights("the transformer", width * (double(symbols + longest) + 12 * width * double(o.layers)));
  symbols_ = register_parameter("symbols", deviation * torch::randn({symbols, o.width}));
  positions_ = register_parameter("positions", deviation * torch::randn({longest, o.width}));
  for (int64_t i = 1; i <= o.layers; ++i)
    blocks_.push_back(register_module("block_" + std::to_string(i), TransformerBlock(o)));
  norm_ = register_parameter("norm", torch::ones({o.width}));
}

Tensor TransformerImpl::embed(const Tensor& tokens, int64_t first) {
  assert(first + tokens.size(1) <= positions_.size(0));
  const Tensor x = torch::embedding(symbols_, tokens) + positions_.narrow(0, first, tokens.size(1));
  return dropout_ > 0 ? torch::dropout(x, dropout_, is_training()) : x;
}

Tensor TransformerImpl::head(const Tensor& x) { return torch::linear(normed(x, norm_), symbols_); }

Tensor TransformerImpl::logits(const Tensor& embedded) {
  Tensor x = embedded;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    x = blocks_[i]->forward(x);
    trace(name_ + ".block_" + std::to_string(i + 1), x);
  }
  return head(x);
}

Tensor TransformerImpl::forward(const Tensor& tokens) { return logits(embed(tokens)); }

std::vector<Tensor> TransformerImpl::attention(const Tensor& tokens) {
  std::vector<Tensor> maps;
  Tensor x = embed(tokens);
  for (TransformerBlock& block : blocks_) {
    maps.push_back(block->attention(x));
    x = block->forward(x);
  }
  return maps;
}

Tensor TransformerImpl::forward(const Tensor& tokens, TransformerCache& cache) {
  cache.layers.resize(blocks_.size());
  Tensor x = embed(tokens, cache.length);
  for (size_t i = 0; i < blocks_.size(); ++i) x = blocks_[i]->forward(x, &cache.layers[i]);
  cache.length += tokens.size(1);
  return head(x);
}

}  // namespace training
