#include "bench/writing.h"

#include <fmt/format.h>

#include "bench/clock.h"
#include "bench/program.h"

namespace bench {

static constexpr double writing_goal = 1050;  // characters per CPU second

int writing(const Request& request) {
  const std::string name = "GPT 4 x 128";
  request.check({name});
  const Folder folder;
  cpu_seconds({"run", experiment("nanogpt"), "train.steps=1", "data.validation=0.01", "data.test=0.01",
               "record.n=1", "--quiet", "--out", folder / "run"});
  const auto sample = [&](const char* n) {
    return cpu_seconds(
        {"sample", folder / "run", "--policy", "last", "--n", n, "--out", folder / "text.txt"});
  };
  std::vector<double> speeds;
  for (int64_t i = 0; i < request.times; ++i) {
    const double start = sample("200");
    speeds.push_back(2000 / (sample("2200") - start));
  }
  if (request.json)
    fmt::print("[{{\"work\": \"{}\", \"speed\": {:.0f}, \"unit\": \"characters\", \"goal\": {}}}]\n", name,
               median(speeds), writing_goal);
  else
    fmt::print("writing, {}: {:.0f} characters per CPU second (goal {:.0f})\n", name, median(speeds),
               writing_goal);
  return 0;
}

}  // namespace bench
