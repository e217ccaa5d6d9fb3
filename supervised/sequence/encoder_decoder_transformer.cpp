// Vaswani et al. (2017), sections 3.1-3.4. First weights as in their code: by Glorot & Bengio (2010),
// embeddings so that what enters has a variance of one.
#include "supervised/sequence/encoder_decoder_transformer.h"

#include <cassert>
#include <cmath>

#include "core/error.h"
#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;
using training::KvCache;
using training::TransformerCache;
using training::TransformerOptions;

namespace {

// Of first weights from so many numbers to so many (Glorot & Bengio 2010).
double glorot_deviation(int64_t inputs, int64_t outputs) { return std::sqrt(2 / double(inputs + outputs)); }

Tensor first_weights(int64_t inputs, int64_t outputs) {
  return glorot_deviation(inputs, outputs) * torch::randn({outputs, inputs});
}

Tensor standardised(const Tensor& x, const Tensor& weight) {
  return torch::layer_norm(x, weight.sizes(), weight, {}, 1e-5);
}

Tensor dropped(const Tensor& x, double share, bool training) {
  return share > 0 ? torch::dropout(x, share, training) : x;
}

}  // namespace

HiddenPartImpl::HiddenPartImpl(const TransformerOptions& o)
    : dropout_(o.dropout),
      norm_(register_parameter("norm", torch::ones({o.width}))),
      up_(register_parameter("up", first_weights(o.width, 4 * o.width))),
      down_(register_parameter("down", first_weights(4 * o.width, o.width))) {}

Tensor HiddenPartImpl::forward(const Tensor& x) {
  const Tensor hidden = torch::gelu(torch::linear(standardised(x, norm_), up_));  // [B, T, 4 D]
  return x + dropped(torch::linear(hidden, down_), dropout_, is_training());
}

ReadingBlockImpl::ReadingBlockImpl(const TransformerOptions& o)
    : dropout_(o.dropout), norm_(register_parameter("norm", torch::ones({o.width}))) {
  const double first = glorot_deviation(o.width, o.width);
  attention_ = register_module("attention", training::MaskedAttention(o.width, o.heads, first, first));
  hidden_ = register_module("hidden", HiddenPart(o));
}

Tensor ReadingBlockImpl::forward(const Tensor& x, const Tensor& there) {
  const Tensor normed = standardised(x, norm_);
  const KvCache all = attention_->memory(normed);
  const Tensor seen = attention_->weighed(attention_->weights(normed, all, there), all);
  return hidden_->forward(x + dropped(seen, dropout_, is_training()));
}

WritingBlockImpl::WritingBlockImpl(const TransformerOptions& o)
    : dropout_(o.dropout),
      norm_own_(register_parameter("norm_own", torch::ones({o.width}))),
      norm_question_(register_parameter("norm_question", torch::ones({o.width}))) {
  const double first = glorot_deviation(o.width, o.width);
  own_ = register_module("own", training::CausalAttention(o.width, o.heads, first, first));
  look_back_ = register_module("look_back", training::MaskedAttention(o.width, o.heads, first, first));
  hidden_ = register_module("hidden", HiddenPart(o));
}

WritingBlockImpl::Step WritingBlockImpl::forward(const Tensor& x, const KvCache& memory, const Tensor& there,
                                                 KvCache* cache) {
  const Tensor own = standardised(x, norm_own_);
  const Tensor before = cache ? own_->forward(own, *cache) : own_->forward(own);
  const Tensor y = x + dropped(before, dropout_, is_training());
  const Tensor weights = look_back_->weights(standardised(y, norm_question_), memory, there);
  const Tensor seen = look_back_->weighed(weights, memory);
  return {hidden_->forward(y + dropped(seen, dropout_, is_training())), weights};
}

// Of the weights, in all: a block that reads has 12 D^2, one that writes 16.
EncoderDecoderTransformerImpl::EncoderDecoderTransformerImpl(int64_t symbols, int64_t longest,
                                                             const TransformerOptions& o)
    : dropout_(o.dropout) {
  core::check(o.width % o.heads == 0, "net.heads: {} heads do not divide a width of {}", o.heads, o.width);
  const double D = double(o.width), layers = double(o.layers);
  training::require_weights("the transformer", D * (double(symbols + 2 * longest) + 28 * D * layers));
  const auto table = [&](int64_t rows) { return torch::randn({rows, o.width}) / std::sqrt(D); };
  symbols_ = register_parameter("symbols", table(symbols));
  asked_positions_ = register_parameter("asked_positions", table(longest));
  written_positions_ = register_parameter("written_positions", table(longest));
  for (int64_t i = 1; i <= o.layers; ++i) {
    reading_.push_back(register_module("reading_" + std::to_string(i), ReadingBlock(o)));
    writing_.push_back(register_module("writing_" + std::to_string(i), WritingBlock(o)));
  }
  norm_asked_ = register_parameter("norm_asked", torch::ones({o.width}));
  norm_written_ = register_parameter("norm_written", torch::ones({o.width}));
}

Tensor EncoderDecoderTransformerImpl::embed(const Tensor& symbols, const Tensor& positions, int64_t first) {
  assert(first + symbols.size(1) <= positions.size(0));
  const Tensor x = torch::embedding(symbols_, symbols) + positions.narrow(0, first, symbols.size(1));
  return dropped(std::sqrt(double(x.size(2))) * x, dropout_, is_training());
}

Tensor EncoderDecoderTransformerImpl::embed_question(const Tensor& asked) {
  return embed(asked, asked_positions_, 0);
}

Tensor EncoderDecoderTransformerImpl::embed_answer(const Tensor& read, int64_t first) {
  return embed(read, written_positions_, first);
}

EncoderDecoderTransformerImpl::Encoded EncoderDecoderTransformerImpl::encode_embedded(const Tensor& embedded,
                                                                                      const Tensor& there) {
  Tensor x = embedded;
  for (ReadingBlock& block : reading_) x = block->forward(x, there);  // [B, Q, D]
  const Tensor question = standardised(x, norm_asked_);
  Encoded encoded{{}, there};
  for (WritingBlock& block : writing_) encoded.memory.push_back(block->memory(question));
  return encoded;
}

Written EncoderDecoderTransformerImpl::decode_embedded(const Encoded& encoded, const Tensor& embedded,
                                                       TransformerCache* cache) {
  if (cache) cache->layers.resize(writing_.size());
  WritingBlockImpl::Step step{embedded, {}};
  for (size_t i = 0; i < writing_.size(); ++i)
    step =
        writing_[i]->forward(step.x, encoded.memory[i], encoded.there, cache ? &cache->layers[i] : nullptr);
  if (cache) cache->length += embedded.size(1);
  return {torch::linear(standardised(step.x, norm_written_), symbols_), step.weights.detach().mean(1)};
}

EncoderDecoderTransformerImpl::Encoded EncoderDecoderTransformerImpl::encode(const Tensor& asked,
                                                                             const Tensor& there) {
  return encode_embedded(embed_question(asked), there);
}

Written EncoderDecoderTransformerImpl::decode(const Encoded& encoded, const Tensor& read,
                                              TransformerCache* cache) {
  return decode_embedded(encoded, embed_answer(read, cache ? cache->length : 0), cache);
}

}  // namespace supervised
