// Where time goes: parts exclude each other, and add up.
#include "training/profile.h"

#include <chrono>
#include <numeric>
#include <thread>

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/trial.h"

using namespace training;

namespace {

double of(const PartSeconds& seconds, Part part) { return seconds[size_t(part)]; }

void wait(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

}  // namespace

TEST_CASE("Each moment is one part's, the innermost's", "[training][profile]") {
  const auto began = std::chrono::steady_clock::now();
  begin_profile();
  {
    const Timed forward(Part::forward);
    wait(20);
    {
      const Timed data(Part::data);
      wait(40);
    }
    wait(20);
  }
  const PartSeconds seconds = profile();
  const double all = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  CHECK(of(seconds, Part::forward) >= 0.040);
  CHECK(of(seconds, Part::data) >= 0.040);
  CHECK(of(seconds, Part::backward) == 0);
  const double sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  CHECK(sum <= all);
  CHECK(sum >= 0.080);
}

TEST_CASE("What an evaluation does on its way stays the evaluation's", "[training][profile]") {
  begin_profile();
  {
    const Timed evaluation(Part::evaluation);
    const Timed data(Part::data);
    wait(10);
  }
  CHECK(of(profile(), Part::data) == 0);
  CHECK(of(profile(), Part::evaluation) >= 0.010);
}

TEST_CASE("A step has data, forward, backward and the optimiser", "[training][profile]") {
  auto run = trial::session(supervised::all().at("cnn").trial, supervised::all());
  const Logger silent{[](const std::string&, double) {}, {}};
  begin_profile();
  {
    const Timed forward(Part::forward);
    for (int i = 0; i < 5; ++i) run.step(silent);
  }
  const PartSeconds seconds = profile();
  for (const Part part : {Part::data, Part::forward, Part::backward, Part::optimizer, Part::logging}) {
    INFO(parts[size_t(part)].name);
    CHECK(of(seconds, part) > 0);
  }
  for (const Part part : {Part::evaluation, Part::pictures, Part::checkpoint}) CHECK(of(seconds, part) == 0);
}

TEST_CASE("Shares are told from the largest on, those below a percent not at all", "[training][profile]") {
  PartSeconds seconds{};
  CHECK(shares(seconds).empty());
  seconds[size_t(Part::data)] = 1;
  seconds[size_t(Part::backward)] = 3;
  seconds[size_t(Part::logging)] = 0.01;
  CHECK(shares(seconds) == std::vector<std::string>{"backward 75 %", "data 25 %"});
}
