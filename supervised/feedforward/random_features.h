// Least squares on features that are drawn once and never learned (Rahimi & Recht 2007, Random features for
// large-scale kernel machines; of rectified units). Where there are as many features as rows, the test error
// peaks (Belkin et al. 2019, Reconciling modern machine-learning practice and the bias-variance trade-off).
#pragma once

#include "supervised/task.h"

namespace supervised {

struct RandomFeaturesOptions {
  int64_t width = 1000;
  double ridge = 0;
  void fields(core::Fields& f);
};

// Parameters hidden.weight [D, I], hidden.bias [D], output.weight [K, D], output.bias [K], all float64.
class RandomFeaturesNetImpl : public torch::nn::Module {
 public:
  RandomFeaturesNetImpl(int64_t inputs, int64_t width, int64_t outputs);

  torch::Tensor features(const torch::Tensor& x);       // [B, I] -> [B, D], not negative
  torch::Tensor output(const torch::Tensor& features);  // [B, D] -> [B, K]
  // The weights of the least squared error of `wanted` [N, K] by `features` [N, D], and of all that have it
  // those of the least norm. `ridge`: of the error's sum and `ridge` times the squared norm.
  void fit(const torch::Tensor& features, const torch::Tensor& wanted, double ridge);

 private:
  torch::nn::Linear hidden_{nullptr}, output_{nullptr};
};
TORCH_MODULE(RandomFeaturesNet);

class RandomFeatures : public training::Learner {
 public:
  struct Options {
    RandomFeaturesOptions random_relu_features;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit RandomFeatures(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  Task task_;
  RandomFeaturesNet net_{nullptr};
};

}  // namespace supervised
