// Labelled rows and how a net learns them: all of a supervised learner but its net and what it does to its
// inputs. The labels say what is learned: classes or numbers.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "supervised/classification.h"
#include "supervised/mixup.h"
#include "supervised/own_net.h"
#include "supervised/regression.h"

namespace supervised {

struct TaskOptions {
  double label_smoothing = 0, mixup = 0;
  void fields(core::Fields& f);
};

// Of a learner whose net our own autograd has, too.
struct BackendTaskOptions : TaskOptions {
  BackendOptions backend;
  void fields(core::Fields& f);
};

// What a learner reads: numbers and pictures, or the words of texts.
enum class RowKind { numbers, words };

// Error unless the rows are pictures [N, C, H, W], which `learner` needs.
void check_pictures(const torch::Tensor& rows, const std::string& name, const std::string& learner);

// What each of several nets answers to the same inputs.
using Members = std::function<std::vector<training::ClassifierOutput>(const torch::Tensor& inputs)>;

class Task {
 public:
  // Loads the rows and registers them; returns those to learn from, [N, ...]. Error that says what is missing
  // unless they are of this kind and have labels to learn.
  const torch::Tensor& load(training::Build& build, const training::data::Options& data,
                            const TaskOptions& options, RowKind kind = RowKind::numbers);
  // The rows to learn from with all that is known of them.
  const training::Batch& rows() const { return data_.train.rows; }
  // What the numbers of texts stand for, and the names of classes.
  const std::vector<std::string>& words() const { return data_.words; }
  const std::vector<std::string>& classes() const { return data_.train.classes; }
  // From now on pictures of several sizes are seen at their own, batch by batch; else all at the largest.
  void at_own_sizes() { own_sizes_ = true; }
  // Registers the net, its optimiser, how it answers (as many outputs as outputs()), and the metrics. Where
  // our own autograd has the net, it answers in place of `answer`.
  void learns(training::Build& build, torch::nn::Module& net, training::Classifier answer,
              std::shared_ptr<OwnNet> own = nullptr);
  // The same of several nets, all parts of `nets`: each learns by a loss of its own, and they answer
  // together.
  void learns_together(training::Build& build, torch::nn::Module& nets, Members members);

  // Registers a net that is fitted to all rows at once, by a rule of its own instead of an optimiser, to
  // wanted_outputs(): 1 for a row's class and 0 for the others, or numbers of mean 0 and deviation 1, [N, K].
  // Error of rows without end.
  void fits(training::Build& build, torch::nn::Module& net, training::Classifier answer);
  training::Batch all_rows() const;
  torch::Tensor wanted_outputs() const;
  // It has been: logs how well it answers the rows to learn from.
  void fitted(training::Step& step) const;

  bool of_numbers() const { return std::holds_alternative<Regression>(kind_); }
  int64_t outputs() const;  // K classes or numbers
  training::Batch next(training::Step& step) { return seen(step.next(*source_)); }
  // One update by this batch.
  void learn(training::Step& step, const training::Batch& batch) const;
  // The whole of the part that is asked for.
  void evaluate(training::Eval& eval) const;
  // Of validation rows, and where rows are points, of the plane.
  void sample(core::Gallery& gallery) const;

 private:
  training::ClassifierOutput together(const torch::Tensor& inputs) const;
  // Registers the nets; `update(terms)` registers how they learn.
  void register_nets(training::Build& build, torch::nn::Module& nets, Members members,
                     const std::function<void(const std::vector<training::MetricSpec>& terms)>& update);
  training::Batch seen(const training::Batch& batch) const;
  torch::Tensor all_outputs(const training::Batch& rows) const;

  bool own_sizes_ = false;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  double mixup_ = 0;
  torch::Generator mixup_stream_;
  Members members_;
  std::shared_ptr<OwnNet> own_;  // may be null: then it is the only member
  std::variant<Classification, Regression> kind_;
};

// What `net` answers to its inputs.
template <class Net>
training::ClassifierOutput answered(Net& net, const torch::Tensor& inputs) {
  const torch::Tensor features = net->features(inputs);
  return {net->output(features), features};
}

}  // namespace supervised
