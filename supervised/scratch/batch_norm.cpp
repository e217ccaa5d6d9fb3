#include "supervised/scratch/batch_norm.h"

#include "core/error.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/sums.h"

namespace supervised::scratch {
namespace {

// [C] as it stands beside [B, C, ...].
template <class T>
Tensor<T> beside(const Tensor<T>& channels, const Tensor<T>& x) {
  Shape shape(x.shape().size() - 1, 1);
  shape[0] = channels.count();
  return reshape(channels, shape);
}

template <class T>
void move(const Tensor<T>& running, const Tensor<T>& batch, double factor = 1) {
  constexpr double share = 0.1;
  for (int64_t c = 0; c < running.count(); ++c)
    running.values()[c] =
        static_cast<T>((1 - share) * running.values()[c] + share * factor * batch.values()[c]);
}

}  // namespace

template <class T>
Tensor<T> batch_norm(const Tensor<T>& x, const ChannelNorm<T>& norm, bool learning) {
  constexpr double small = 1e-5;
  core::check(x.shape().size() >= 2 && x.size(1) == norm.gain.count(),
              "batch_norm: expected {} channels, found {}", norm.gain.count(), text(x.shape()));
  Tensor<T> centred, variance = beside(norm.variance, x);
  if (learning) {
    std::vector<size_t> all_but_channels{0};
    for (size_t d = 2; d < x.shape().size(); ++d) all_but_channels.push_back(d);
    const Tensor<T> middle = mean(x, all_but_channels);
    centred = x - middle;
    variance = mean(centred * centred, all_but_channels);
    const double rows = static_cast<double>(x.count() / x.size(1));
    move(norm.mean, middle);
    move(norm.variance, variance, rows / (rows - 1));  // without bias
  } else {
    centred = x - beside(norm.mean, x);
  }
  return centred * (beside(norm.gain, x) * pow(scale(variance, 1, small), -0.5)) + beside(norm.shift, x);
}

template Tensor<float> batch_norm(const Tensor<float>&, const ChannelNorm<float>&, bool);
template Tensor<double> batch_norm(const Tensor<double>&, const ChannelNorm<double>&, bool);

}  // namespace supervised::scratch
