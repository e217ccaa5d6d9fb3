// A multi-layer perceptron on plain arrays: all parameters in one flat array, forward and a hand-written
// backward. What native nets, evolution strategies and programs without LibTorch share.
#pragma once

#include <cstdint>
#include <vector>

#include "training/nets/kernels.h"

namespace training {

// B observations: rows of floats, or one index each that enters one-hot.
struct MlpInput {
  const float* rows = nullptr;       // [B, I]
  const int64_t* indices = nullptr;  // [B], each below I
};

// I inputs, hidden layers with an activation after each, O outputs without one. In the flat array each
// layer's weight [in, out] is followed by its bias [out].
class FlatMlp {
 public:
  struct Layer {
    int64_t in, out, weight, bias;  // weight, bias: where they begin in the flat array
  };
  // Memory of one caller, kept between calls so that nothing is allocated; outputs of every layer, for
  // backward.
  struct Workspace {
    std::vector<std::vector<float>> outputs;  // by layer: [B, out]
    std::vector<float> d, d_before, transposed;
  };

  FlatMlp(int64_t inputs, std::vector<int64_t> hidden, int64_t outputs, kernels::Activation activation);

  const std::vector<Layer>& layers() const { return layers_; }
  int64_t size() const { return layers_.back().bias + layers_.back().out; }  // floats in the flat array
  int64_t outputs() const { return layers_.back().out; }

  // Returns the outputs [B, O], in the workspace's memory.
  const float* forward(const float* parameters, MlpInput x, int64_t B, Workspace& work) const;
  // After forward of the same input: adds d loss / d parameters to `gradient`, where it is given, from d loss
  // / d outputs [B, O]; writes d loss / d inputs [B, I] where `d_inputs` is given (rows only).
  void backward(const float* parameters, MlpInput x, int64_t B, const float* d_outputs, float* gradient,
                Workspace& work, float* d_inputs = nullptr) const;
  // After forward of the same input: how fast the outputs move where the parameters move by `direction`,
  // d outputs [B, O], in the workspace's memory. backward may follow.
  const float* tangent(const float* parameters, const float* direction, MlpInput x, int64_t B,
                       Workspace& work) const;

 private:
  std::vector<Layer> layers_;
  kernels::Activation activation_;
};

}  // namespace training
