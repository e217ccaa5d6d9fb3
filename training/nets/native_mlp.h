// A multi-layer perceptron for agents: one flat parameter tensor with named views, native kernels on the CPU,
// the same net in LibTorch's operations as its twin, on other devices and with dropout.
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>

#include "training/nets/flat_mlp.h"
#include "training/nets/mlp.h"

namespace training {

// Parameters hidden_1.weight [out, in], hidden_1.bias, ..., output.weight, output.bias: views of one flat
// tensor. Offers forward and backward(d_outputs) only; an algorithm's loss hands in d loss / d outputs.
class NativeMlpImpl : public torch::nn::Module {
 public:
  // `name` is what this net is called in messages ("policy").
  NativeMlpImpl(const std::string& name, int64_t inputs, int64_t outputs, const MlpOptions& options);

  // x [B, I] float32 or [B] int64 (indices, entering one-hot) -> [B, O] on the CPU, without autograd; the
  // memory is this net's and is overwritten by the next call. A row's outputs have the same bits in any
  // batch; where the kernels do not run, while gradients are off, and then no backward goes with it.
  torch::Tensor forward(const torch::Tensor& x);
  // The same from plain memory to plain memory, for acting: nothing is allocated. Backward does not go with
  // it.
  const float* forward(MlpInput x, int64_t B);
  // Adds d loss / d parameters to the parameters' grad, given d loss / d outputs [B, O] of the latest
  // forward.
  void backward(const torch::Tensor& d_outputs);
  // d loss / d inputs [B, I] alone, of the latest forward of floats: the parameters' grad stays as it is.
  torch::Tensor input_gradient(const torch::Tensor& d_outputs);
  // forward, and how fast the outputs move where the parameters move by `direction`, a tensor for each of
  // parameters(): d outputs [B, O]. backward may follow as after forward.
  torch::Tensor tangent(const torch::Tensor& x, const std::vector<torch::Tensor>& direction);
  // forward as one operation of autograd, for losses that LibTorch differentiates: x [B, I] float32 -> [B,
  // O]. Each call must be differentiated before the next one (Error); gradients of gradients need twin().
  torch::Tensor differentiable(const torch::Tensor& x);
  // The same function in differentiable operations of LibTorch, on the parameters' device.
  torch::Tensor twin(const torch::Tensor& x) const;

  // What the hidden layers put out at the latest forward, side by side [B, sum of widths]; undefined where
  // there are none or the kernels did not run.
  torch::Tensor hidden() const;

  int64_t inputs() const { return inputs_; }
  int64_t outputs() const { return outputs_; }
  // Target networks (Mnih 2015; Lillicrap 2016): parameters = tau * those of `other` + (1 - tau) * own.
  void soft_update(const NativeMlpImpl& other, double tau);

 private:
  struct Operation;  // of autograd
  torch::Tensor twin_by_rows(const torch::Tensor& x) const;
  bool native() const;  // float32 on the CPU, no dropout, an activation whose slope follows from its output
  void adopt_gradients();
  void note_outputs();  // for the report of a NaN

  std::string name_, activation_;
  int64_t inputs_, outputs_;
  double dropout_;
  std::optional<FlatMlp> net_;
  FlatMlp::Workspace work_;
  torch::Tensor flat_, gradient_;          // [P]
  std::vector<torch::Tensor> gradients_;   // views of gradient_: weight, bias, weight, ...
  std::vector<torch::nn::Linear> layers_;  // their parameters are views of flat_
  std::vector<std::string> traces_;
  torch::Tensor input_, output_;  // of the latest forward
  int64_t forwards_ = 0;          // so far
};
TORCH_MODULE(NativeMlp);

// Error where the net drops units out: for algorithms to which it must say the same twice.
void check_no_dropout(const MlpOptions& options);

}  // namespace training
