// What all language models share: which data fit, the loss, the vocabulary, and how they write.
#pragma once

#include "training/torch.h"

#include <functional>
#include <string>
#include <vector>

#include "training/data/all.h"
#include "training/loop/baselines.h"
#include "training/loop/learner.h"

namespace supervised {

// Sequences of symbols [M, T] and the symbols one further, or an Error that says what is missing. To use
// weights, what their checkpoint says of such sequences is enough: there are no rows then.
training::data::Data sequences(training::Build& build, const training::data::Options& options);

// Mean -ln p in nats of the targets [B, T] that count, given logits [B, T, V].
torch::Tensor symbol_loss(const torch::Tensor& logits, const torch::Tensor& targets);  // []

// The vocabulary and the length of a sequence as part of the weights' meaning: Error where a checkpoint has
// another one.
void register_vocabulary(training::Build& build, const training::data::Data& data);
void register_symbols(training::Build& build, const std::vector<std::string>& symbols, int64_t length);

// Of a net, whose first loss says something: the metrics start/..., which are logged by what this returns.
training::Baselines register_baselines(training::Build& build, const training::data::Data& data);

// Reads on: symbols after those that it has read -> log probabilities or logits [V] of the one that follows.
using Decode = std::function<torch::Tensor(const std::vector<int64_t>&)>;
// A prompt's symbols. Error that names a character or word which the vocabulary lacks.
std::vector<int64_t> symbols_of(const std::string& prompt, const std::vector<std::string>& symbols);
// The same; without any a newline, or the first symbol where there is none.
std::vector<int64_t> prompt_symbols(const std::string& prompt, const std::vector<std::string>& symbols);
// What a model of these symbols has drawn, as it can be shown: bytes that are no UTF-8 as U+FFFD.
std::string as_text(const std::string& drawn, const std::vector<std::string>& symbols);
// The gallery's prompt and n further symbols, drawn by `read` with torch's default generator.
void generate_text(core::Gallery& gallery, const Decode& read, const std::vector<std::string>& symbols);
// How much each loss of one row [1, T] depends on each symbol that was read, as a picture: the norm of the
// gradient. `logits`: embedded symbols [1, T, E] -> [1, T, V]. What lies ahead has none.
torch::Tensor dependence(const std::function<torch::Tensor(const torch::Tensor&)>& logits,
                         const torch::Tensor& embedded, const torch::Tensor& targets);  // [T, T]
void show_causality(core::Gallery& gallery, const std::function<torch::Tensor(const torch::Tensor&)>& logits,
                    const torch::Tensor& embedded, const torch::Tensor& targets);

}  // namespace supervised
