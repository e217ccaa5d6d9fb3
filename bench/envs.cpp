#include "bench/envs.h"

#include <fmt/format.h>
#include <omp.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "bench/clock.h"
#include "core/random.h"
#include "envs/all.h"

namespace bench {

namespace {

// Environments for one core, and enough for every core: of scalars, of boards, of physics worlds (100 kB
// each).
struct Sizes {
  int64_t one, all;
};
constexpr Sizes scalars{4096, 131072}, boards{1024, 16384}, worlds{16, 64};
constexpr double window = 0.2;  // seconds
constexpr int64_t cycle = 16;   // batches of actions

// A batch with everything that its steps write.
class Runner {
 public:
  explicit Runner(std::unique_ptr<::envs::Envs> made) : envs_(std::move(made)), n_(size_t(envs_->size())) {
    const ::envs::Spec& spec = envs_->spec();
    const size_t width = size_t(spec.action.size()), rows = n_ * size_t(cycle);
    core::Pcg64 random(1);
    discrete_.resize(rows * width), continuous_.resize(rows * width);
    for (size_t k = 0; k < rows; ++k)
      ::envs::sample(spec.action, random, &discrete_[k * width], &continuous_[k * width]);
    obs_.resize(n_ * spec.observation.bytes()), final_obs_ = obs_;
    reward_.resize(n_), terminated_.resize(n_), truncated_.resize(n_), returns_.resize(n_),
        lengths_.resize(n_);
    envs_->reset(0, obs_.data());
  }

  // Steps per second of `clock`.
  double measure(double (*clock)()) {
    const double start = clock();
    int64_t steps = 0;
    double seconds = 0;
    for (; seconds < window; seconds = clock() - start)
      for (int64_t k = 0; k < cycle; ++k, steps += envs_->size()) step(size_t(k));
    return double(steps) / seconds;
  }

 private:
  void step(size_t k) {
    const size_t first = k * n_ * size_t(envs_->spec().action.size());
    envs_->step({&discrete_[first], &continuous_[first]},
                {obs_.data(), reward_.data(), terminated_.data(), truncated_.data(), final_obs_.data(),
                 returns_.data(), lengths_.data()});
  }

  std::unique_ptr<::envs::Envs> envs_;
  size_t n_;
  std::vector<int64_t> discrete_, lengths_;
  std::vector<float> continuous_, reward_;
  std::vector<double> returns_;
  std::vector<uint8_t> terminated_, truncated_;
  std::vector<std::byte> obs_, final_obs_;
};

double median_speed(const ::envs::Entry& entry, const std::string& precision, int64_t n, int threads,
                    double (*clock)()) {
  omp_set_num_threads(threads);
  Runner runner(entry.blueprint().make(n, precision, std::nullopt));
  std::vector<double> speeds;
  for (int i = 0; i < 5; ++i) speeds.push_back(runner.measure(clock));
  return median(speeds);
}

Sizes sizes_of(const ::envs::Entry& entry) {
  if (entry.precisions.size() == 2) return scalars;
  const auto one = entry.blueprint().make(1, "exact", std::nullopt);
  return one->spec().observation.dtype == ::envs::Dtype::float32 ? worlds : boards;
}

}  // namespace

int envs(bool json) {
  const int threads = omp_get_max_threads();
  nlohmann::json rows = nlohmann::json::array();
  if (!json)
    fmt::print("{:<32} {:<9} {:>18} {:>18}\n", "environment", "precision", "one core [M/s]",
               "all cores [M/s]");
  for (const ::envs::Entry& entry : ::envs::all())
    for (const std::string& precision : entry.precisions) {
      const Sizes sizes = sizes_of(entry);
      const double one = median_speed(entry, precision, sizes.one, 1, thread_cpu_time),
                   all = median_speed(entry, precision, sizes.all, threads, wall_time);
      if (json)
        rows.push_back(
            {{"env", entry.name}, {"precision", precision}, {"one_core", one}, {"all_cores", all}});
      else
        fmt::print("{:<32} {:<9} {:>18.4g} {:>18.4g}\n", entry.name, precision, one / 1e6, all / 1e6);
    }
  if (json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
