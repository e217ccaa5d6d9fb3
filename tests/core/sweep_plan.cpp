// The trials that follow from a sweep's file.
#include "core/sweep_plan.h"

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::sweep_plan {

using Trials = std::vector<std::vector<std::string>>;

TEST_CASE("an ablation varies each key alone, and all of it over the seeds", "[core]") {
  const Scratch scratch;
  const std::string head = "experiment: x.yaml\nmethod: ablation\n";
  const auto trials = [&](const std::string& keys) {
    write_bytes(scratch / "sweep.yaml", head + keys);
    return core::read_plan(scratch / "sweep.yaml").values;
  };
  CHECK(trials("keys: {net.norm: [none, batch, layer], optim.lr: [1, 2]}\n") ==
        Trials{{"none", "1"}, {"batch", "1"}, {"layer", "1"}, {"none", "2"}});
  CHECK(trials("keys: {seed: [5, 6], optim.lr: [1, 2]}\n") ==
        Trials{{"5", "1"}, {"5", "2"}, {"6", "1"}, {"6", "2"}});
  CHECK(trials("keys: {a: [1, 2], b: [1, 2], c: [1, 2], seed: [0, 1], data.seed: [0, 1]}\n").size() == 16);
  CHECK(refusal([&] {
          trials("keys: {optim.lr: {min: 1, max: 2}}\n");
        }).find("an ablation takes a list of values") != std::string::npos);
}

}  // namespace tests::sweep_plan
