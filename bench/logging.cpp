#include "bench/logging.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "bench/clock.h"
#include "bench/program.h"
#include "experiments/places.h"

namespace bench {

static constexpr int pairs = 15;  // a busy machine shifts single runs by several percent

int logging(bool json) {
  const std::filesystem::path out =
      std::filesystem::temp_directory_path() / fmt::format("atelier-bench-{}", ::getpid());
  const std::string experiment = experiments::home() / "experiments/cartpole_reinforce.yaml";
  const auto run = [&](const char* every) {
    return cpu_seconds({"run", experiment, std::string("log.every=") + every, "record.episodes=0",
                        "train.env_steps=100k", "--quiet", "--force", "--out", out.string()});
  };
  std::vector<double> with, without, share;
  for (int i = 0; i < pairs; ++i) {
    without.push_back(run("{steps: 1000000000}"));
    with.push_back(run("{steps: 1}"));
    share.push_back((with.back() - without.back()) / without.back());
  }
  std::filesystem::remove_all(out);
  if (json)
    fmt::print("{{\"bench\": \"logging\", \"with_s\": {:.3f}, \"without_s\": {:.3f}, \"share\": {:.4f}}}\n",
               median(with), median(without), median(share));
  else
    fmt::print(
        "logging: {:.3f} CPU s with a row at every step, {:.3f} without: {:+.2f} % (median of 15 pairs)\n",
        median(with), median(without), 100 * median(share));
  return 0;
}

}  // namespace bench
