#include "bench/envs.h"

#include <fmt/format.h>
#include <malloc.h>
#include <omp.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "bench/clock.h"
#include "core/random.h"
#include "envs/all.h"
#include "envs/wrappers/pixels.h"
#include "render/easel.h"

namespace bench {

namespace {

// Environments for one core, and enough for every core: of scalars, of boards, of physics worlds (100 kB
// each); and those that are seen as pictures, which one thread draws.
struct Sizes {
  int64_t one, all;
};
constexpr Sizes scalars{4096, 131072}, boards{1024, 16384}, worlds{16, 64}, pictures{16, 16};
constexpr double measured_for = 0.2;  // seconds
constexpr int64_t cycle = 16;         // batches of actions

// A batch with everything that its steps write.
class Runner {
 public:
  explicit Runner(std::unique_ptr<::envs::Envs> made) : envs_(std::move(made)), n_(size_t(envs_->size())) {
    const ::envs::Spec& spec = envs_->spec();
    const size_t width = size_t(spec.action.size()), rows = n_ * size_t(cycle);
    core::Pcg64 random(1);
    discrete_.resize(rows * width);
    continuous_.resize(rows * width);
    for (size_t k = 0; k < rows; ++k)
      ::envs::sample(spec.action, random, &discrete_[k * width], &continuous_[k * width]);
    obs_.resize(n_ * spec.observation.bytes());
    final_obs_ = obs_;
    reward_.resize(n_);
    terminated_.resize(n_);
    truncated_.resize(n_);
    returns_.resize(n_);
    lengths_.resize(n_);
    envs_->reset(0, obs_.data());
  }

  // Steps per second of `clock`.
  double measure(double (*clock)()) {
    const double start = clock();
    int64_t steps = 0;
    double seconds = 0;
    for (; seconds < measured_for; seconds = clock() - start)
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

using Make = std::function<std::unique_ptr<::envs::Envs>(int64_t n)>;

double median_speed(const Make& make, int64_t n, int threads, double (*clock)(), int64_t times) {
  omp_set_num_threads(threads);
  Runner runner(make(n));
  std::vector<double> speeds;
  for (int64_t i = 0; i < times; ++i) speeds.push_back(runner.measure(clock));
  return median(speeds);
}

Sizes sizes_of(const ::envs::Entry& entry) {
  if (entry.precisions.back() == "fast") return scalars;
  const auto one = entry.factory().make(1, "exact", std::nullopt);
  const ::envs::Space& seen = one->spec().observation;
  const bool painted = seen.bytes() > 10'000;  // a world, too
  return painted || seen.dtype == ::envs::Dtype::float32 ? worlds : boards;
}

// What is aimed at on one core: million steps per second, by precision where there are two.
struct Goal {
  double exact = 0, fast = 0;
};
const std::map<std::string, Goal>& goals() {
  static const std::map<std::string, Goal> table{
      {"Acrobot-v1", {0, 25}},        {"Arcade/Breakout-v0", {0.5}},
      {"Arcade/Dodger-v0", {0.5}},    {"Arcade/Pong-v0", {0.5}},
      {"Arcade/Snake-v0", {0.5}},     {"BipedalWalker-v3", {0.035}},
      {"CarRacing-v3", {0.0015}},     {"CartPole-v1", {25, 200}},
      {"CliffWalking-v1", {50}},      {"FrozenLake-v1", {50}},
      {"LunarLander-v3", {0.066}},    {"MiniGrid-DoorKey-8x8-v0", {5}},
      {"MiniGrid-Empty-8x8-v0", {8}}, {"MountainCar-v0", {0, 250}},
      {"Pendulum-v1", {0, 150}},      {"Taxi-v4", {50}}};
  return table;
}

// One environment in one precision.
struct Measured {
  std::string env, precision;
  double one_core, all_cores;  // steps per second
  double goal;                 // 0: none

  std::string line() const {
    const std::string wanted = goal > 0 ? fmt::format("{:g}", goal / 1e6) : "";
    return fmt::format("{:<32} {:<9} {:>14.4g} {:>15.4g} {:>11}\n", env, precision, one_core / 1e6,
                       all_cores / 1e6, wanted);
  }
};

Measured measure(const ::envs::Entry& entry, const std::string& precision, int threads, int64_t times) {
  const Sizes sizes = sizes_of(entry);
  const auto found = goals().find(entry.name);
  const Goal goal = found == goals().end() ? Goal{} : found->second;
  const Make make = [&](int64_t n) { return entry.factory().make(n, precision, std::nullopt); };
  return {entry.name, precision, median_speed(make, sizes.one, 1, thread_cpu_time, times),
          median_speed(make, sizes.all, threads, wall_time, times),
          1e6 * (precision == "fast" ? goal.fast : goal.exact)};
}

// Millions a second of each environment that is measured as it is seen through the wrapper `pixels`: 84 x 84,
// grey.
const std::map<std::string, double>& pixel_goals() {
  static const std::map<std::string, double> table{{"Arcade/Breakout-v0", 0.03},
                                                   {"Arcade/Dodger-v0", 0.03},
                                                   {"Arcade/Pong-v0", 0.03},
                                                   {"Arcade/Snake-v0", 0.03},
                                                   {"CartPole-v1", 0.02}};
  return table;
}

std::string as_pixels(const std::string& id) { return id + ", pixels"; }

Measured measure_pixels(const std::string& id, double goal, int64_t times) {
  ::envs::offscreen() = render::easel;
  const Make make = [&](int64_t n) {
    ::envs::WrapperOptions pixels;
    pixels.tagged().choose("pixels", "");
    return ::envs::wrap(::envs::all().at(id).factory().make(n, "exact", std::nullopt), {pixels},
                        ::envs::EnvPurpose::training);
  };
  const double speed = median_speed(make, pictures.one, 1, thread_cpu_time, times),
               wall = median_speed(make, pictures.all, 1, wall_time, times);
  return {as_pixels(id), "exact", speed, wall, 1e6 * goal};
}

void report(const Measured& m, bool json, nlohmann::json& rows) {
  if (!json) return fmt::print("{}", m.line());
  rows.push_back({{"env", m.env},
                  {"precision", m.precision},
                  {"one_core", m.one_core},
                  {"all_cores", m.all_cores},
                  {"goal", m.goal}});
}

// Heap bytes of one of a million environments; observations, rewards and flags are the caller's.
double bytes_each(const ::envs::Entry& entry, const std::string& precision) {
  constexpr int64_t million = 1'000'000;
  const auto used = [] {
    const struct mallinfo2 heap = mallinfo2();
    return double(heap.uordblks) + double(heap.hblkhd);
  };
  const double before = used();
  const auto envs = entry.factory().make(million, precision, std::nullopt);
  return (used() - before) / double(million);
}

void report_memory() {
  for (const std::string precision : {"fast", "exact"})
    fmt::print("memory of a CartPole-v1, {}: {:.0f} bytes (goal {})\n", precision,
               bytes_each(::envs::all().at("CartPole-v1"), precision), precision == "fast" ? 64 : 128);
}

std::vector<std::string> row_names() {
  std::vector<std::string> names;
  for (const ::envs::Entry& entry : ::envs::all()) names.push_back(entry.name);
  for (const auto& [id, goal] : pixel_goals()) names.push_back(as_pixels(id));
  return names;
}

}  // namespace

int envs(const Request& request) {
  request.check(row_names());
  const int threads = omp_get_max_threads();
  nlohmann::json rows = nlohmann::json::array();
  if (!request.json)
    fmt::print("{:<32} {:<9} {:>14} {:>15} {:>11}\n", "environment", "precision", "one core [M/s]",
               "all cores [M/s]", "goal [M/s]");
  for (const ::envs::Entry& entry : ::envs::all())
    for (const std::string& precision : entry.precisions)
      if (request.wants(entry.name))
        report(measure(entry, precision, threads, request.times), request.json, rows);
  for (const auto& [id, goal] : pixel_goals())
    if (request.wants(as_pixels(id))) report(measure_pixels(id, goal, request.times), request.json, rows);
  if (request.json)
    fmt::print("{}\n", rows.dump(2));
  else if (request.row.empty())
    report_memory();
  return 0;
}

}  // namespace bench
