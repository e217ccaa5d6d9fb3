// How well a language model expects held-out rows, and how much of what it draws is in their language.
#pragma once

#include "training/torch.h"

#include <functional>
#include <vector>

#include "training/data/all.h"
#include "training/loop/learner.h"

namespace supervised {

// [B, T] int64 -> [B, T, V] float, log probabilities of the symbol that follows each.
using LogProbabilities = std::function<torch::Tensor(const torch::Tensor&)>;

// Of every held-out part: loss, by which best.h5 is chosen, the same as perplexity and in bits, accuracy; nll
// and gap where the entropy is known; certain where the data tell which targets are, grammatical where they
// tell which sentences are; beyond_<name> of each sequence that is longer than those learned from; and
// memorised, the loss on rows learned from, where they are few.
void register_language_metrics(training::Build& build, const training::data::Data& data);
void evaluate_language(training::Eval& eval, const LogProbabilities& log_probabilities,
                       const training::data::Data& data, torch::Device device);

// So many sequences drawn from the model from a newline on, each without its newlines. One that has not ended
// after `longest` symbols keeps them and a newline, which is in no sentence.
std::vector<std::vector<int64_t>> draw_sentences(const LogProbabilities& log_probabilities, int64_t rows,
                                                 int64_t longest, torch::Generator generator,
                                                 torch::Device device);

}  // namespace supervised
