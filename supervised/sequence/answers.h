// Rows of a question and its answer in one sequence, as language models read them, cut in two for an encoder
// and a decoder; and how far an answer is from the right one.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <functional>
#include <vector>

#include "training/data/batch.h"

namespace supervised {

// Q symbols of a question, up to and with the sign before the answer, and A of an answer.
struct QuestionsAndAnswers {
  torch::Tensor asked;   // [B, Q] int64
  torch::Tensor there;   // [B, Q] bool: what of it is the question
  torch::Tensor read;    // [B, A] int64: what is known when each symbol of the answer is to be written
  torch::Tensor wanted;  // [B, A] int64: the answer; -100 behind its end
};

// inputs, targets [B, T]: the targets of the question do not count (-100).
QuestionsAndAnswers cut(const torch::Tensor& inputs, const torch::Tensor& targets);
// Error unless every row has a question: a first target that does not count.
void require_questions(const training::Dataset& rows, const std::string& data);

// What a net says of T symbols of answers.
struct Written {
  torch::Tensor logits;   // [B, T, V], of what follows each
  torch::Tensor weights;  // [B, T, Q], how much each looks at each symbol of the question; undefined without
};
// Reads on: symbols [B, T] behind those that it has read.
using ReadOn = std::function<Written(const torch::Tensor& symbols)>;

struct WrittenAnswers {
  torch::Tensor symbols, weights;  // [B, length], [B, length, Q] or undefined
};
// The most likely symbol after the other, `length` of them from `first` [B] on.
WrittenAnswers write(const ReadOn& read, const torch::Tensor& first, int64_t length);

// The fewest symbols to insert, delete or change between two sequences (Levenshtein 1966).
int64_t edit_distance(const std::vector<int64_t>& a, const std::vector<int64_t>& b);

// Symbols up to the first that is `end`, which stays, or the last.
std::vector<int64_t> up_to(const torch::Tensor& row, int64_t end);

}  // namespace supervised
