#include "supervised/sequence/encoder_decoder.h"

#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;
using training::RecurrentState;

void EncoderDecoderOptions::fields(core::Fields& f) {
  f.add("embedding", embedding, "Numbers that stand for a symbol", {.min = 1, .max = 65536});
  f.add("bidirectional", bidirectional, "The question is read from both ends");
  f.choice(
      "attention", attention,
      "How the decoder scores the symbols of the question: by a small net before its step (bahdanau), by "
      "a product after it (luong), or not at all",
      {"bahdanau", "luong", "none"});
  f.choice("weights", weights, "What makes weights of the scores; sparsemax sets low ones to exactly 0",
           {"softmax", "sparsemax"});
}

EncoderDecoderImpl::EncoderDecoderImpl(int64_t symbols, const EncoderDecoderOptions& options,
                                       const training::RecurrentOptions& net)
    : options_(options), layers_(net.layers), width_(net.width), state_parts_(net.cell == "lstm" ? 2 : 1) {
  const int64_t E = options.embedding, D = net.width, A = options.bidirectional ? 2 * D : D;
  const bool looks_first = options.attention != "luong";
  training::require_weights("symbols", double(symbols) * double(E + D));
  symbols_ = register_module("symbols", torch::nn::Embedding(symbols, E));
  forwards_ = register_module("forwards", training::Recurrent(E, net));
  if (options.bidirectional) backwards_ = register_module("backwards", training::Recurrent(E, net));
  start_ = register_module("start", torch::nn::Linear(A, state_parts_ * layers_ * D));
  decoder_ = register_module("decoder", training::Recurrent(looks_first ? E + A : E, net));
  if (options.attention != "none")
    attention_ =
        register_module("attention", training::SoftAttention(D, A, options.attention, options.weights));
  mixed_ = register_module("mixed", torch::nn::Linear(D + A, D));
  output_ = register_module("output", torch::nn::Linear(D, symbols));
}

// Rows [B, Q, n] with their first `lengths` [B, 1] items the other way round.
static Tensor turned(const Tensor& rows, const Tensor& lengths) {
  const Tensor place = torch::arange(rows.size(1), lengths.options()).unsqueeze(0);
  const Tensor from = torch::where(place < lengths, lengths - 1 - place, place);  // [B, Q]
  return rows.gather(1, from.unsqueeze(2).expand_as(rows));
}

EncoderDecoderImpl::Encoded EncoderDecoderImpl::encode(const Tensor& asked, const Tensor& there) {
  const Tensor x = symbols_->forward(asked), lengths = there.sum(1, true);  // [B, Q, E], [B, 1]
  const Tensor last = (lengths - 1).unsqueeze(2);                           // [B, 1, 1]
  RecurrentState nothing, nothing_yet;
  Tensor annotations = forwards_->forward(x, nothing);  // [B, Q, D]
  Tensor summary = annotations.gather(1, last.expand({-1, 1, width_}));
  if (backwards_) {
    const Tensor back = turned(backwards_->forward(turned(x, lengths), nothing_yet), lengths);
    annotations = torch::cat({annotations, back}, 2);         // [B, Q, 2 D]
    summary = torch::cat({summary, back.slice(1, 0, 1)}, 2);  // [B, 1, 2 D]
  }
  return {annotations, summary, attention_ ? attention_->keys(annotations) : Tensor(), there,
          first_state(summary)};
}

RecurrentState EncoderDecoderImpl::first_state(const Tensor& summary) {
  const Tensor numbers = start_->forward(summary.squeeze(1)).tanh().view({-1, state_parts_, layers_, width_});
  RecurrentState state;
  for (const Tensor& part : numbers.unbind(1)) state.push_back(part.transpose(0, 1).contiguous());
  return state;
}

Tensor EncoderDecoderImpl::logits(const Tensor& states, const Tensor& context) {
  return output_->forward(mixed_->forward(torch::cat({states, context}, 2)).tanh());
}

// Bahdanau: the state before a step says where it looks, and what is seen there enters the step.
Written EncoderDecoderImpl::look_back_first(const Encoded& encoded, RecurrentState& state, const Tensor& x) {
  std::vector<Tensor> states, contexts, weights;
  for (const Tensor& symbol : x.split(1, 1)) {  // [B, 1, E]
    Tensor context = encoded.summary;
    if (attention_) {
      weights.push_back(attention_->weights(state[0][-1].unsqueeze(1), encoded.keys, encoded.there));
      context = weights.back().matmul(encoded.annotations);  // [B, 1, A]
    }
    states.push_back(decoder_->forward(torch::cat({symbol, context}, 2), state));
    contexts.push_back(context);
  }
  return {logits(torch::cat(states, 1), torch::cat(contexts, 1)),
          attention_ ? torch::cat(weights, 1) : Tensor()};
}

// Luong: the state after a step says where it looks; all steps at once.
Written EncoderDecoderImpl::look_back_after(const Encoded& encoded, RecurrentState& state, const Tensor& x) {
  const Tensor states = decoder_->forward(x, state);                                // [B, T, D]
  const Tensor weights = attention_->weights(states, encoded.keys, encoded.there);  // [B, T, Q]
  return {logits(states, weights.matmul(encoded.annotations)), weights};
}

Written EncoderDecoderImpl::decode(const Encoded& encoded, RecurrentState& state, const Tensor& read) {
  const Tensor x = symbols_->forward(read);  // [B, T, E]
  return options_.attention == "luong" ? look_back_after(encoded, state, x)
                                       : look_back_first(encoded, state, x);
}

}  // namespace supervised
