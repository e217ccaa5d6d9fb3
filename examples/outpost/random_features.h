// Classes by a linear layer over random waves cos(W x + b) that are never learned: a kernel machine with a
// Gaussian kernel (Rahimi & Recht 2007, Random features for large-scale kernel machines).
#pragma once

#include <training/torch.h>

#include <core/error.h>
#include <training/data/recall.h>
#include <training/loop/gallery.h>
#include <training/loop/table.h>

namespace outpost {

struct WavesImpl : torch::nn::Module {
  WavesImpl(int64_t inputs, int64_t features, int64_t classes, double width)
      : waves(register_buffer("waves", torch::randn({inputs, features}) / width)),
        phases(register_buffer("phases", 2 * M_PI * torch::rand({features}))),
        output(register_module("output", torch::nn::Linear(features, classes))) {}

  torch::Tensor forward(const torch::Tensor& x) {  // [B, ...] -> [B, K]
    return output->forward((x.flatten(1).matmul(waves) + phases).cos());
  }

  torch::Tensor waves, phases;  // [D, F], [F]
  torch::nn::Linear output;
};
TORCH_MODULE(Waves);

class RandomFeatures : public training::Learner {
 public:
  struct Options {
    int64_t features = 200;
    double width = 0.3;
    training::data::Options data;

    void fields(core::Fields& f) {
      f.list_section(
          "random_features",
          [this](core::Fields& own) {
            own.add("features", features, "Random waves", {.min = 1, .max = 1e6});
            own.add("width", width, "Of the kernel, in the inputs' unit", {.min = 0, .above = true});
          },
          "The kernel");
      f.tagged("data", data.tagged(), "Rows with classes to learn");
    }
  };

  explicit RandomFeatures(Options options) : options_(std::move(options)) {}

  void build(training::Build& build) override {
    data_ = training::data::load(build, options_.data, training::data::HeldOutRows::not_needed);
    const auto classes = std::ssize(data_.train.classes);
    core::check(classes >= 2, "data: '{}' has no classes to learn", options_.data.name);
    const int64_t inputs = c10::multiply_integers(data_.train.inputs().sizes().slice(1));
    source_ = training::data::register_source(build, data_, options_.data);
    net_ = Waves(inputs, options_.features, classes, options_.width);
    build.module("net", *net_);
    build.optimizer("net", {net_.get()}, {{"cross_entropy", "nats", "Mean of the batch"}});
    build.split_metric(
        {"accuracy", "", "Share of the rows whose class was right", training::Direction::maximize});
    build.score("valid/accuracy");
  }

  void step(training::Step& step) override {
    const training::Batch batch = step.next(*source_);
    step.update("net", {{"cross_entropy",
                         torch::cross_entropy_loss(net_->forward(batch.inputs()), batch.targets())}});
  }

  void evaluate(training::Eval& eval) override {
    const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
    const auto device = net_->output->weight.device();
    const training::Batch rows = training::slice(held, 0, held.size(), device);
    const torch::Tensor right = net_->forward(rows.inputs()).argmax(1) == rows.targets();
    eval.log_split("accuracy", right.to(torch::kFloat64).mean().item<double>());
  }

  void sample(core::Gallery& gallery) override {
    constexpr int64_t side = 64;
    if (!data_.window) return;  // the rows are no points of the plane
    const torch::Tensor points = training::grid_points(*data_.window, side);
    const torch::Tensor classes = net_->forward(points.to(net_->output->weight.device())).argmax(1);
    gallery.grid("decisions", "The class given to each point of the plane", side, side,
                 training::floats(classes), *data_.window);
  }

 private:
  Options options_;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  Waves net_{nullptr};
};

inline training::Entry random_features() {
  return {.name = "random_features",
          .sentence = "Classes by a linear layer over random waves: a kernel machine",
          .source = "Rahimi & Recht (2007), Random features for large-scale kernel machines",
          .updates = {"net"},
          .trial = "{model: random_features, data: spirals, train: {steps: 20}}",
          .factory = training::factory<RandomFeatures>};
}

}  // namespace outpost
