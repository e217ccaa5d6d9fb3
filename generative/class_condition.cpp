#include "generative/class_condition.h"

#include "core/error.h"

namespace generative {

using torch::Tensor;

bool has_classes(const training::data::Data& data) {
  const Tensor& classes = data.train.targets();
  return classes.defined() && classes.dim() == 1 && !classes.is_floating_point() &&
         data.train.classes.size() >= 2;
}

void require_classes(const training::data::Data& data, const std::string& source, const std::string& option) {
  core::check(has_classes(data), "{}: '{}' has no class for each row; expected none", option, source);
}

Tensor with_class(const Tensor& x, const Tensor& classes, int64_t K) {
  if (K == 0) return x;
  auto shape = x.sizes().vec();
  shape.back() = K;
  return torch::cat({x, torch::one_hot(classes, K).to(x.dtype()).expand(shape)}, -1);
}

}  // namespace generative
