#include "bench/logging.h"

#include <fmt/format.h>

#include "bench/clock.h"
#include "bench/program.h"

namespace bench {

static constexpr int logging_pairs = 15;  // a busy machine shifts single runs by several percent

int logging(bool json) {
  const Folder folder;
  const auto run = [&](const char* every) {
    return cpu_seconds({"run", experiment("cartpole_reinforce"), std::string("log.every=") + every,
                        "record.episodes=0", "train.env_steps=100k", "--quiet", "--force", "--out",
                        folder / "run"});
  };
  std::vector<double> with, without, share;
  for (int i = 0; i < logging_pairs; ++i) {
    without.push_back(run("{steps: 1000000000}"));
    with.push_back(run("{steps: 1}"));
    share.push_back((with.back() - without.back()) / without.back());
  }
  if (json)
    fmt::print("{{\"bench\": \"logging\", \"with_s\": {:.3f}, \"without_s\": {:.3f}, \"share\": {:.4f}}}\n",
               median(with), median(without), median(share));
  else
    fmt::print(
        "logging: {:.3f} CPU s with a row at every step, {:.3f} without: {:+.2f} % (median of {} pairs)\n",
        median(with), median(without), 100 * median(share), logging_pairs);
  return 0;
}

}  // namespace bench
