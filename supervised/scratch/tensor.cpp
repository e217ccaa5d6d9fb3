#include "supervised/scratch/tensor.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "supervised/scratch/order.h"

namespace supervised::scratch {

int64_t count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::string text(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

template <class T>
static std::shared_ptr<T[]> copied(const Shape& shape, const std::vector<T>& values) {
  core::check(count(shape) == static_cast<int64_t>(values.size()), "a tensor {} has {} values, found {}",
              text(shape), count(shape), values.size());
  auto memory = std::make_shared_for_overwrite<T[]>(values.size());
  std::copy(values.begin(), values.end(), memory.get());
  return memory;
}

template <class T>
T* Tensor<T>::Node::slopes() {
  if (!gradient) gradient = std::make_shared<T[]>(static_cast<size_t>(scratch::count(shape)));
  return gradient.get();
}

template <class T>
Tensor<T>::Node::~Node() {
  let_go(*this);
}

template <class T>
Tensor<T>::Tensor(Shape shape, const std::vector<T>& values)
    : node_(std::make_shared<Node>(Node{shape, copied(shape, values)})) {}

template <class T>
Tensor<T> Tensor<T>::leaf(Shape shape, const std::vector<T>& values) {
  Tensor made(std::move(shape), values);
  made.node_->wants_gradient = true;
  return made;
}

template <class T>
Tensor<T> Tensor<T>::borrowed(const Shape& shape, T* values, T* gradient) {
  const auto lent = [](T* memory) { return std::shared_ptr<T[]>(memory, [](T*) {}); };
  auto node = std::make_shared<Node>();
  node->shape = shape;
  node->values = lent(values);
  node->wants_gradient = gradient != nullptr;
  if (gradient) node->gradient = lent(gradient);
  return Tensor(std::move(node));
}

template <class T>
Tensor<T> Tensor<T>::made(const Shape& shape, const std::vector<Tensor>& inputs,
                          std::function<void(Node&)> backward) {
  auto node = std::make_shared<Node>();
  node->values = std::make_shared_for_overwrite<T[]>(static_cast<size_t>(scratch::count(shape)));
  node->shape = shape;
  node->wants_gradient =
      std::any_of(inputs.begin(), inputs.end(), [](const Tensor& input) { return input.wants_gradient(); });
  if (!node->wants_gradient) return Tensor(std::move(node));
  for (const Tensor& input : inputs) node->inputs.push_back(input.node_);
  node->backward = std::move(backward);
  return Tensor(std::move(node));
}

template <class T>
int64_t Tensor<T>::size(int64_t dimension) const {
  const auto dimensions = static_cast<int64_t>(shape().size());
  return shape().at(static_cast<size_t>(dimension < 0 ? dimension + dimensions : dimension));
}

template <class T>
T Tensor<T>::item() const {
  core::check(count() == 1, "expected one number, found a tensor {}", text(shape()));
  return values()[0];
}

template <class T>
size_t Tensor<T>::backward() const {
  core::check(count() == 1, "backward() starts from one number, found a tensor {}", text(shape()));
  const auto order = in_order_of_making(node_.get());
  node_->slopes()[0] += 1;
  for (auto node = order.rbegin(); node != order.rend(); ++node) {
    if (!(*node)->backward) continue;
    if ((*node)->gradient) (*node)->backward(**node);
    (*node)->gradient.reset();  // so that going back twice adds up in the leaves alone
  }
  return order.size();
}

template class Tensor<float>;
template class Tensor<double>;

}  // namespace supervised::scratch
