#include "supervised/sequence/ctc_loss.h"

#include <cassert>

namespace supervised {

using torch::Tensor;

namespace {

struct CtcLoss : torch::autograd::Function<CtcLoss> {
  using Context = torch::autograd::AutogradContext;

  static Tensor forward(Context* context, const Tensor& log_probabilities,
                        const std::vector<Labels>& labels) {
    const Tensor plain = plain_frames(log_probabilities), occupancy = torch::empty_like(plain);
    const int64_t B = plain.size(0), T = plain.size(1), V = plain.size(2);
    const Tensor losses = torch::empty({B}, plain.options());
    for (int64_t b = 0; b < B; ++b)
      losses.data_ptr<double>()[b] =
          -log_likelihood(frames_of(plain, b), labels[size_t(b)], occupancy.data_ptr<double>() + b * T * V);
    context->save_for_backward({occupancy.to(log_probabilities.options())});
    return losses.to(log_probabilities.options());
  }

  // d(-ln p(labels)) / d(ln p of a symbol at a frame) = -(its chance there, given the labels).
  static torch::autograd::variable_list backward(Context* context,
                                                 const torch::autograd::variable_list& gradients) {
    const Tensor occupancy = context->get_saved_variables()[0];
    return {-gradients[0].view({-1, 1, 1}) * occupancy, {}};
  }
};

}  // namespace

Tensor plain_frames(const Tensor& log_probabilities) {
  return log_probabilities.detach().to(torch::kCPU, torch::kFloat64).contiguous();
}

Tensor ctc_loss(const Tensor& log_probabilities, const std::vector<Labels>& labels) {
  assert(std::ssize(labels) == log_probabilities.size(0));
  return CtcLoss::apply(log_probabilities, labels);
}

}  // namespace supervised
