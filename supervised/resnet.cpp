// He, Zhang, Ren & Sun (2015), Deep residual learning, section 4.2, with the pre-activation blocks of (2016).
#include "supervised/resnet.h"

namespace supervised {

void Resnet::Options::fields(core::Fields& f) {
  f.section("resnet", resnet, "The loss");
  f.section("net", net, "A convolution, three stages of residual blocks, a linear layer");
  f.section("augment", augment, "What is done to training pictures at every sight");
  f.chosen("data", data.chosen(), "Pictures with labels");
}

void Resnet::build(training::Build& build) {
  const auto data = labelled(options_.data);
  check_pictures(data, options_.data.name, "resnet");
  device_ = build.device();
  test_ = data.test;
  loader_ = training::Loader(data.train, options_.data.batch_size, build.seed_for("data"), device_);
  stream_ = build.stream("augment");
  net_ = training::ResidualNet("net", data.train.inputs.size(1), int64_t(data.train.classes.size()),
                               options_.net);
  build.source("train", loader_);
  build.module("net", *net_);
  build.optimizer("net", {net_.get()}, {{"cross_entropy", "nats", "Mean cross entropy of the batch"}});
  build.classifier([this](const torch::Tensor& inputs) {
    const torch::Tensor features = net_->features(inputs);
    return training::Classified{net_->output(features), features};
  });
  register_grades(build);
}

torch::Tensor Resnet::logits(const torch::Tensor& inputs) { return net_->forward(inputs); }

void Resnet::step(training::Step& step) {
  const auto batch = step.next(loader_);
  const auto guess = logits(options_.augment.apply(batch.inputs, stream_));
  step.update("net",
              {{"cross_entropy", cross_entropy(guess, batch.targets, options_.resnet.label_smoothing)}});
  step.log("train/accuracy", accuracy(guess, batch.targets));
}

void Resnet::evaluate(training::Eval& eval) {
  grade(
      eval, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

void Resnet::sample(core::Gallery& gallery) {
  show(
      gallery, [this](const auto& inputs) { return logits(inputs); }, test_, device_);
}

}  // namespace supervised
