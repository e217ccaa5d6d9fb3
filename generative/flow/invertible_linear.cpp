#include "generative/flow/invertible_linear.h"

namespace generative {

using torch::Tensor;

namespace {

struct InvertibleLinearImpl : torch::nn::Module {
  explicit InvertibleLinearImpl(int64_t D) {
    const Tensor noise = torch::randn({D, D}, torch::kFloat64);
    const Tensor rotation = std::get<0>(torch::linalg_qr(noise));
    const auto [p, l, u] = torch::linalg_lu(rotation);
    const auto kept = [](const Tensor& x) { return x.to(torch::kFloat32).clone(); };
    permutation = register_buffer("permutation", kept(p));
    sign = register_buffer("sign", kept(u.diagonal().sign()));
    lower = register_parameter("lower", kept(l.tril(-1)));
    upper = register_parameter("upper", kept(u.triu(1)));
    log_scale = register_parameter("log_scale", kept(u.diagonal().abs().log()));
  }

  // What lies on the other side of the diagonal never counts.
  Tensor unit_lower() const { return lower.tril(-1) + torch::eye(lower.size(0), lower.options()); }
  Tensor whole_upper() const { return upper.triu(1) + (sign * log_scale.exp()).diag(); }

  FlowOutput forward(const Tensor& x) const {
    const Tensor weight = permutation.mm(unit_lower()).mm(whole_upper());
    return {x.mm(weight.t()), log_scale.sum().expand({x.size(0)})};
  }
  FlowOutput inverse(const Tensor& y) const {
    const Tensor middle =
        torch::linalg_solve_triangular(unit_lower(), permutation.t().mm(y.t()), false, true, true);
    const Tensor x = torch::linalg_solve_triangular(whole_upper(), middle, true);
    return {x.t(), -log_scale.sum().expand({y.size(0)})};
  }

  Tensor permutation, sign, lower, upper, log_scale;
};

}  // namespace

FlowMap invertible_linear(const std::string& name, int64_t D) {
  const auto linear = std::make_shared<InvertibleLinearImpl>(D);
  return {[linear](const Tensor& x) { return linear->forward(x); },
          [linear](const Tensor& y) { return linear->inverse(y); },
          {{name, linear}}};
}

}  // namespace generative
