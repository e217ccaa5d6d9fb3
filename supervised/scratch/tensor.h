// Arrays that know how they came about: the reverse mode of var.h with an operation for each array instead of
// each number. Row-major, contiguous; T is float or double.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace supervised::scratch {

using Shape = std::vector<int64_t>;  // [] of a single number

int64_t count(const Shape& shape);  // of its numbers
std::string text(const Shape& shape);

template <class T>
class Tensor {
 public:
  struct Node {
    Shape shape;
    std::shared_ptr<T[]> values;
    std::shared_ptr<T[]> gradient = {};  // null until something was added to it
    bool wants_gradient = false;
    std::vector<std::shared_ptr<Node>> inputs = {};
    std::function<void(Node&)> backward = {};  // adds to its inputs' gradients; empty of a leaf

    size_t arity() const { return inputs.size(); }
    std::shared_ptr<Node>& input(size_t k) { return inputs[k]; }
    T* slopes();  // where gradient is added: zeros at first
    ~Node();
  };

  Tensor() = default;
  // A constant, and a leaf that wants its gradient.
  Tensor(Shape shape, const std::vector<T>& values);
  static Tensor leaf(Shape shape, const std::vector<T>& values);
  // A leaf on the caller's memory, which must outlive it. Null `gradient`: a constant.
  static Tensor borrowed(const Shape& shape, T* values, T* gradient);
  // A result whose values are to be written; `backward` is kept where an input wants its gradient.
  static Tensor made(const Shape& shape, const std::vector<Tensor>& inputs,
                     std::function<void(Node&)> backward);

  const Shape& shape() const { return node_->shape; }
  int64_t size(int64_t dimension) const;  // negative: from the end
  int64_t count() const { return scratch::count(shape()); }
  T* values() const { return node_->values.get(); }
  const T* gradient() const { return node_->gradient.get(); }  // of a leaf; null where there is none
  bool wants_gradient() const { return node_->wants_gradient; }
  T item() const;  // of one number

  // Of one number: adds d this / d x to the gradient of every leaf x beneath that wants one. Returns how many
  // nodes were visited, each once.
  size_t backward() const;

  const std::shared_ptr<Node>& node() const { return node_; }

 private:
  explicit Tensor(std::shared_ptr<Node> node) : node_(std::move(node)) {}

  std::shared_ptr<Node> node_;
};

}  // namespace supervised::scratch
