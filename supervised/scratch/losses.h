// Softmax and what is made small.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// Along the last side.
template <class T>
Tensor<T> softmax(const Tensor<T>& x);
template <class T>
Tensor<T> log_softmax(const Tensor<T>& x);

// Mean -ln p in nats of the classes [N] given logits [N, K]; a negative class does not count. `smoothing`
// moves that share of each label evenly onto all classes (Szegedy 2016).
template <class T>
Tensor<T> cross_entropy(const Tensor<T>& logits, const std::vector<int64_t>& classes, double smoothing = 0);
// Mean over all numbers.
template <class T>
Tensor<T> squared_error(const Tensor<T>& found, const Tensor<T>& wanted);

}  // namespace supervised::scratch
