// Number by number: arithmetic with broadcasting, and functions of one array.
#pragma once

#include <string>

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

template <class T>
Tensor<T> operator+(const Tensor<T>& x, const Tensor<T>& y);
template <class T>
Tensor<T> operator-(const Tensor<T>& x, const Tensor<T>& y);
template <class T>
Tensor<T> operator*(const Tensor<T>& x, const Tensor<T>& y);
template <class T>
Tensor<T> operator/(const Tensor<T>& x, const Tensor<T>& y);

template <class T>
Tensor<T> scale(const Tensor<T>& x, double factor, double shift = 0);  // factor x + shift
template <class T>
Tensor<T> pow(const Tensor<T>& x, double exponent);
template <class T>
Tensor<T> exp(const Tensor<T>& x);
template <class T>
Tensor<T> log(const Tensor<T>& x);
template <class T>
Tensor<T> tanh(const Tensor<T>& x);
template <class T>
Tensor<T> sigmoid(const Tensor<T>& x);
template <class T>
Tensor<T> relu(const Tensor<T>& x);  // slope 0 at 0

// relu, tanh, gelu, silu, elu, leaky_relu, sigmoid, identity, as LibTorch has them.
template <class T>
Tensor<T> activate(const Tensor<T>& x, const std::string& name);

}  // namespace supervised::scratch
