#include "bench/acting.h"

#include <fmt/format.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "training/compat.h"
#include "training/nets/native_mlp.h"

namespace bench {

namespace {

constexpr double enough = 0.2;  // seconds

// Microseconds of one call; median of 5 windows.
template <class F>
double microseconds(F&& call) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const double start = thread_cpu_time();
    int64_t calls = 0;
    for (; thread_cpu_time() - start < enough; calls += 100)
      for (int k = 0; k < 100; ++k) call();
    times.push_back(1e6 * (thread_cpu_time() - start) / static_cast<double>(calls));
  }
  return median(times);
}

volatile int64_t chosen = 0;  // nothing may be left out as unused

double native(training::NativeMlp& net, const torch::Tensor& observations) {
  const training::MlpInput x{.rows = observations.data_ptr<float>()};
  const int64_t B = observations.size(0), O = net->outputs();
  return microseconds([&] {
    const float* y = net->forward(x, B);
    for (int64_t b = 0; b < B; ++b, y += O) chosen = std::max_element(y, y + O) - y;
  });
}

double libtorch(torch::nn::Sequential& net, const torch::Tensor& observations) {
  const torch::NoGradGuard no_grad;
  return microseconds([&] { chosen = net->forward(observations).argmax(1).data_ptr<int64_t>()[0]; });
}

}  // namespace

int acting(bool json) {
  training::silence_warnings();
  at::set_num_threads(1);
  training::NativeMlp own("policy", 4, 2, training::MlpOptions{.hidden = {64, 64}, .activation = "tanh"});
  torch::nn::Sequential layers(torch::nn::Linear(4, 64), torch::nn::Tanh(), torch::nn::Linear(64, 64),
                               torch::nn::Tanh(), torch::nn::Linear(64, 2));
  nlohmann::json rows = nlohmann::json::array();
  if (!json) fmt::print("{:<36} {:>12} {:>12}\n", "acting, 4-64-64-2 tanh [us]", "Atelier", "LibTorch");
  for (const int64_t B : {1, 4}) {
    const torch::Tensor observations = torch::randn({B, 4});
    const double ours = native(own, observations), theirs = libtorch(layers, observations);
    if (json)
      rows.push_back({{"batch", B}, {"atelier_us", ours}, {"libtorch_us", theirs}});
    else
      fmt::print("{:<36} {:>12.2f} {:>12.2f}\n", fmt::format("batch {}", B), ours, theirs);
  }
  if (json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
