// key.sub=value on a command line: the first line is applied to what the rest, an experiment file, says.
#include <algorithm>

#include "core/value.h"
#include "tests/fuzz/targets.h"

namespace tests::fuzz {

namespace {

void read_override(Bytes bytes) {
  static const std::string file =
      "agent: dqn\nenv: CartPole-v1\noptim: {lr: 1e-3, betas: [0.9, 0.99]}\ntrain:\n  steps: 10\n";
  static const core::Value base = core::parse_yaml(file, "x.yaml");
  core::Value root = base;
  std::string lines(bytes.begin(), bytes.end());
  std::erase(lines, '\0');  // a word of a command line has none
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\x01', at), lines.size());
    core::apply_override(root, lines.substr(at, end - at));
    at = end + 1;
  }
  core::parse_yaml(core::to_yaml(root), "overridden");
}

std::vector<std::string> override_seeds() {
  return {"optim.lr=3e-4",
          "env.precision=fast\x01"
          "env.wrappers=[{name: frame_stack, n: 4}]",
          "train={steps: 5, early_stop: {patience: 2}}", "name=\"a: b\"", "x.y.z=[1, [2, {a: null}]]"};
}

}  // namespace

Target override_() { return {"override", read_override, override_seeds}; }

}  // namespace tests::fuzz
