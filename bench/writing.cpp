#include "bench/writing.h"

#include <fmt/format.h>

#include "bench/clock.h"
#include "bench/program.h"

namespace bench {

static constexpr double nanogpt = 350,
                        writing_goal = 3 * nanogpt;  // nanoGPT in PyTorch, one thread; a 2-core EPYC

int writing(bool json) {
  const Folder folder;
  cpu_seconds({"run", experiment("nanogpt"), "train.steps=1", "data.validation=0.01", "data.test=0.01",
               "record.n=1", "--quiet", "--out", folder / "run"});
  const auto sample = [&](const char* n) {
    return cpu_seconds(
        {"sample", folder / "run", "--policy", "last", "--n", n, "--out", folder / "text.txt"});
  };
  std::vector<double> speeds;
  for (int i = 0; i < 5; ++i) {
    const double start = sample("200");
    speeds.push_back(2000 / (sample("2200") - start));
  }
  if (json)
    fmt::print("{{\"bench\": \"writing\", \"characters_per_s\": {:.0f}, \"peer\": {}, \"goal\": {}}}\n",
               median(speeds), nanogpt, writing_goal);
  else
    fmt::print("writing, GPT 4 x 128: {:.0f} characters per CPU second (PyTorch {:.0f}, goal {:.0f})\n",
               median(speeds), nanogpt, writing_goal);
  return 0;
}

}  // namespace bench
