#include "supervised/scratch/losses.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/sums.h"

namespace supervised::scratch {
namespace {

// Error unless every class is below K; how many count.
int64_t counted(const std::vector<int64_t>& classes, const Shape& logits) {
  core::check(logits.size() == 2 && logits[0] == std::ssize(classes),
              "cross_entropy: logits {} and {} classes do not fit together", text(logits), classes.size());
  const auto largest = std::max_element(classes.begin(), classes.end());
  core::check(largest == classes.end() || *largest < logits[1], "cross_entropy: class {}, expected 0 .. {}",
              *largest, logits[1] - 1);
  return std::count_if(classes.begin(), classes.end(), [](int64_t label) { return label >= 0; });
}

// The share of class k in a label that has `own` of itself and `every` of each class; none where it does not
// count.
double share(int64_t label, int64_t k, double own, double every) {
  return label < 0 ? 0 : (k == label ? own : 0) + every;
}

}  // namespace

template <class T>
Tensor<T> log_softmax(const Tensor<T>& x) {
  const int64_t K = x.size(-1), rows = x.count() / std::max<int64_t>(K, 1);
  Tensor<T> out = Tensor<T>::made(x.shape(), {x}, [K, rows](typename Tensor<T>::Node& y) {
    const T *v = y.values.get(), *d = y.gradient.get();
    T* to = y.inputs[0]->slopes();
    for (int64_t r = 0; r < rows; ++r, v += K, d += K, to += K) {
      T total = 0;
      for (int64_t k = 0; k < K; ++k) total += d[k];
      for (int64_t k = 0; k < K; ++k) to[k] += d[k] - std::exp(v[k]) * total;
    }
  });
  const T* u = x.values();
  T* to = out.values();
  for (int64_t r = 0; r < rows; ++r, u += K, to += K) {
    const T most = *std::max_element(u, u + K);
    T total = 0;
    for (int64_t k = 0; k < K; ++k) total += std::exp(u[k] - most);
    for (int64_t k = 0; k < K; ++k) to[k] = u[k] - most - std::log(total);
  }
  return out;
}

template <class T>
Tensor<T> softmax(const Tensor<T>& x) {
  return exp(log_softmax(x));
}

template <class T>
Tensor<T> cross_entropy(const Tensor<T>& logits, const std::vector<int64_t>& classes, double smoothing) {
  const double rows = static_cast<double>(counted(classes, logits.shape()));
  const int64_t K = logits.size(1);
  const double own = (1 - smoothing) / rows, every = smoothing / rows / static_cast<double>(K);
  const Tensor<T> log_p = log_softmax(logits);
  Tensor<T> loss = Tensor<T>::made({}, {log_p}, [=](typename Tensor<T>::Node& y) {
    T* to = y.inputs[0]->slopes();
    for (const int64_t label : classes)
      for (int64_t k = 0; k < K; ++k) *to++ -= y.gradient[0] * static_cast<T>(share(label, k, own, every));
  });
  double total = 0;
  const T* at = log_p.values();
  for (const int64_t label : classes)
    for (int64_t k = 0; k < K; ++k) total -= share(label, k, own, every) * static_cast<double>(*at++);
  loss.values()[0] = static_cast<T>(total);
  return loss;
}

template <class T>
Tensor<T> squared_error(const Tensor<T>& found, const Tensor<T>& wanted) {
  core::check(found.shape() == wanted.shape(), "squared_error: found {}, wanted {}", text(found.shape()),
              text(wanted.shape()));
  const Tensor<T> error = found - wanted;
  return mean(error * error);
}

template Tensor<float> softmax(const Tensor<float>&);
template Tensor<double> softmax(const Tensor<double>&);
template Tensor<float> log_softmax(const Tensor<float>&);
template Tensor<double> log_softmax(const Tensor<double>&);
template Tensor<float> cross_entropy(const Tensor<float>&, const std::vector<int64_t>&, double);
template Tensor<double> cross_entropy(const Tensor<double>&, const std::vector<int64_t>&, double);
template Tensor<float> squared_error(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> squared_error(const Tensor<double>&, const Tensor<double>&);

}  // namespace supervised::scratch
