// Rosenblatt's perceptron with hidden layers, trained by backpropagation (Rumelhart, Hinton & Williams 1986).
#include "supervised/mlp.h"

namespace supervised {

void Mlp::Options::fields(core::Fields& f) {
  f.section("mlp", mlp, "The loss");
  f.section("net", net, "Layers from the inputs to the classes");
  f.chosen("data", data.chosen(), "Rows with labels");
}

void Mlp::build(training::Build& build) {
  const auto data = labelled(options_.data);
  device_ = build.device();
  test_ = data.test;
  loader_ = training::Loader(data.train, options_.data.batch_size, build.seed_for("data"), device_);
  const int64_t inputs = data.train.inputs[0].numel();
  net_ = training::Mlp("net", inputs, int64_t(data.train.classes.size()), options_.net);
  build.source("train", loader_);
  build.module("net", *net_);
  build.optimizer("net", {net_.get()}, {{"cross_entropy", "nats", "Mean cross entropy of the batch"}});
  build.classifier([this](const torch::Tensor& rows) {
    const torch::Tensor features = net_->features(rows.flatten(1));
    return training::Classified{net_->output(features), features};
  });
  register_grades(build);
}

torch::Tensor Mlp::logits(const torch::Tensor& inputs) { return net_->forward(inputs.flatten(1)); }

void Mlp::step(training::Step& step) {
  const auto batch = step.next(loader_);
  const auto guess = logits(batch.inputs);
  step.update("net", {{"cross_entropy", cross_entropy(guess, batch.targets, options_.mlp.label_smoothing)}});
  step.log("train/accuracy", accuracy(guess, batch.targets));
}

void Mlp::evaluate(training::Eval& eval) {
  grade(
      eval, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

void Mlp::sample(core::Gallery& gallery) {
  show(
      gallery, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

}  // namespace supervised
