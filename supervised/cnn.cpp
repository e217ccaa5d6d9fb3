// LeCun, Bottou, Bengio & Haffner (1998), with batch norm (Ioffe & Szegedy 2015) and dropout (Srivastava
// 2014).
#include "supervised/cnn.h"

namespace supervised {

void Cnn::Options::fields(core::Fields& f) {
  f.section("cnn", cnn, "The loss");
  f.section("net", net, "Convolutions, then fully connected layers");
  f.chosen("data", data.chosen(), "Pictures with labels");
}

void Cnn::build(training::Build& build) {
  const auto data = labelled(options_.data);
  check_pictures(data, options_.data.name, "cnn");
  const auto& pictures = data.train.inputs;
  device_ = build.device();
  test_ = data.test;
  loader_ = training::Loader(data.train, options_.data.batch_size, build.seed_for("data"), device_);
  net_ = training::ConvStack(
      "net", training::ConvStackImpl::Shape{pictures.size(1), pictures.size(2), pictures.size(3)},
      int64_t(data.train.classes.size()), options_.net);
  build.source("train", loader_);
  build.module("net", *net_);
  build.optimizer("net", {net_.get()}, {{"cross_entropy", "nats", "Mean cross entropy of the batch"}});
  build.classifier([this](const torch::Tensor& inputs) {
    const torch::Tensor features = net_->features(inputs);
    return training::Classified{net_->output(features), features};
  });
  register_grades(build);
}

torch::Tensor Cnn::logits(const torch::Tensor& inputs) { return net_->forward(inputs); }

void Cnn::step(training::Step& step) {
  const auto batch = step.next(loader_);
  const auto guess = logits(batch.inputs);
  step.update("net", {{"cross_entropy", cross_entropy(guess, batch.targets, options_.cnn.label_smoothing)}});
  step.log("train/accuracy", accuracy(guess, batch.targets));
}

void Cnn::evaluate(training::Eval& eval) {
  grade(
      eval, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

void Cnn::sample(core::Gallery& gallery) {
  show(
      gallery, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

}  // namespace supervised
