// Questions and how a net learns to answer them: all of such a learner but its net. Loss -ln p(y_t | y_<t,
// question).
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <string>

#include "supervised/sequence/answers.h"
#include "supervised/sequence/language_model.h"

namespace supervised {

// What a net says.
struct Answerer {
  // What follows each of the symbols `rows.read` [B, A].
  std::function<Written(const QuestionsAndAnswers& rows)> expect;
  // Reads the questions, and then the symbols of their answers from the first on, one more of each at a time.
  std::function<ReadOn(const QuestionsAndAnswers& rows)> ask;
};

class QuestionTask {
 public:
  // Loads the rows and registers them, their vocabulary and the length of answers. Error unless they are
  // questions.
  void load(training::Build& build, const training::data::Options& options);
  int64_t symbols() const { return std::ssize(data_.train.classes); }
  int64_t row_length() const {
    return data_.train.inputs().size(1);
  }                                                    // of a question and its answer together
  int64_t longest_answer() const { return longest_; }  // symbols; 0 where a checkpoint has yet to tell

  // Registers the net, its optimiser, how it answers, and the metrics; that of exact zeros in its attention
  // where it is one that can have them.
  void learns(training::Build& build, torch::nn::Module& net, Answerer answerer, bool zeros);
  void learn(training::Step& step);  // one update by the next batch
  void evaluate(training::Eval& eval) const;
  // Answers to the question that is wished, of at most row_length() symbols, else to some of the validation
  // part; and what each symbol looked at.
  void sample(core::Gallery& gallery) const;

 private:
  struct Sums;
  void grade(Sums& sums, const QuestionsAndAnswers& rows) const;
  QuestionsAndAnswers shown(const core::Gallery& gallery) const;
  std::string spelled(const std::vector<int64_t>& symbols) const;
  int64_t symbol(const std::string& text) const;  // its number, or -1

  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  training::Baselines baselines_;
  std::unique_ptr<training::Source> source_;
  Answerer answerer_;
  bool zeros_ = false;
  int64_t longest_ = 0;  // symbols in an answer
};

}  // namespace supervised
