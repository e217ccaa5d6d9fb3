// Rahimi & Recht (2007), Random features for large-scale kernel machines: the hidden layer stays as it was
// drawn.
#include "supervised/feedforward/random_features.h"

#include <cmath>

#include "core/memory.h"

namespace supervised {

using torch::Tensor;

void RandomFeaturesOptions::fields(core::Fields& f) {
  f.add("width", width, "Hidden units, whose weights are drawn and kept", {.min = 1, .max = 1e6});
  f.add("ridge", ridge,
        "Weight of the outputs' squared norm beside the squared error over all rows; 0: of all weights that "
        "fit best "
        "those of the least norm",
        {.min = 0});
}

void RandomFeatures::Options::fields(core::Fields& f) {
  f.section("random_relu_features", random_relu_features, "The hidden layer, and the fit behind it");
  f.tagged("data", data.tagged(), "Rows with classes or numbers to learn");
}

// Inputs of mean square 1 give each unit a variance of 2 before it is rectified, whatever I is.
RandomFeaturesNetImpl::RandomFeaturesNetImpl(int64_t inputs, int64_t width, int64_t outputs)
    : hidden_(register_module("hidden", torch::nn::Linear(inputs, width))),
      output_(register_module("output", torch::nn::Linear(width, outputs))) {
  torch::nn::init::normal_(hidden_->weight, 0, std::sqrt(2 / double(inputs)));
  torch::nn::init::normal_(hidden_->bias, 0, 0.1);
  torch::nn::init::zeros_(output_->weight);
  torch::nn::init::zeros_(output_->bias);
  to(torch::kFloat64);
}

Tensor RandomFeaturesNetImpl::features(const Tensor& x) { return hidden_(x.to(torch::kFloat64)).relu(); }

Tensor RandomFeaturesNetImpl::output(const Tensor& features) { return output_(features); }

// Centred, so that the bias is no part of the norm. A ridge is as many rows more that ask for weights of 0.
void RandomFeaturesNetImpl::fit(const Tensor& features, const Tensor& wanted, double ridge) {
  const torch::NoGradGuard no_grad;
  const Tensor y = wanted.to(torch::kFloat64), centre = features.mean(0), mean = y.mean(0);
  Tensor A = features - centre, b = y - mean;
  if (ridge > 0) {
    const int64_t D = A.size(1);
    A = torch::cat({A, std::sqrt(ridge) * torch::eye(D, A.options())});
    b = torch::cat({b, torch::zeros({D, b.size(1)}, b.options())});
  }
  const Tensor weight = std::get<0>(torch::linalg_lstsq(A, b, {}, "gelsd"));  // [D, K]
  output_->weight.copy_(weight.t());
  output_->bias.copy_(mean - torch::mv(weight.t(), centre));
}

void RandomFeatures::build(training::Build& build) {
  const Tensor& rows = task_.load(build, options_.data, {});
  const int64_t I = c10::multiply_integers(rows.sizes().slice(1)), D = options_.random_relu_features.width;
  const double N = double(rows.size(0)), tall = N + (options_.random_relu_features.ridge > 0 ? double(D) : 0);
  core::require_memory(8 * double(D) * (double(I) + 3 * tall + double(std::min(N, double(D)))),
                       "random_relu_features.width: the features of all rows and their decomposition");
  net_ = RandomFeaturesNet(I, D, task_.outputs());
  task_.fits(build, *net_, [this](const Tensor& inputs) { return answered(net_, inputs.flatten(1)); });
}

// One is enough: another one finds the same.
void RandomFeatures::step(training::Step& step) {
  const torch::NoGradGuard no_grad;
  net_->fit(net_->features(task_.all_rows().inputs().flatten(1)), task_.wanted_outputs(),
            options_.random_relu_features.ridge);
  task_.fitted(step);
}

void RandomFeatures::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void RandomFeatures::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
