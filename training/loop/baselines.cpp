#include "training/loop/baselines.h"

#include <fmt/format.h>

#include <cmath>

namespace training {

Baselines Baselines::of_classes(const torch::Tensor& targets, int64_t K) {
  Baselines of{.uniform = std::log(double(K)), .constant = {}, .majority = {}};
  if (!targets.defined()) return of;
  const torch::Tensor flat = targets.flatten(), counted = flat.index({flat >= 0});
  if (counted.numel() == 0) return of;
  const torch::Tensor shares = torch::bincount(counted, {}, K).to(torch::kFloat64) / double(counted.numel());
  of.constant = -(shares * shares.clamp_min(1e-300).log()).sum().item<double>();
  of.majority = shares.max().item<double>();
  return of;
}

void Baselines::register_metrics(Build& build, const std::string& unit) const {
  const auto add = [&](const char* name, const std::string& in, const char* sentence) {
    build.metric({std::string("start/") + name, in, sentence});
  };
  add("loss", unit, "Loss of the first batch, before any update; once");
  if (uniform) add("uniform", unit, "Loss of equal chances for all K classes or symbols, ln K; once");
  if (constant)
    add("constant", unit,
        "Loss of the best constant answer to the rows to learn from, where a net ends that does not see its "
        "inputs; once");
  if (majority) add("majority", "", "Share of the most frequent class, which that answer gives; once");
}

void Baselines::log(Step& step, double loss) const {
  if (step.counters().step != 1) return;
  step.log("start/loss", loss);
  if (uniform) step.log("start/uniform", *uniform);
  if (constant) step.log("start/constant", *constant);
  if (majority) step.log("start/majority", *majority);
}

std::string told_of_the_start(const Session& session) {
  const auto logged = [&](const char* name) -> std::optional<double> {
    const auto found = session.meters.find(std::string("start/") + name);
    if (found == session.meters.end()) return std::nullopt;
    return found->second.sum / double(found->second.count);
  };
  const auto loss = logged("loss");
  if (!loss) return "";
  const std::string unit = session.registry.metric("start/loss")->unit;
  std::string told = fmt::format("loss at the start {:.4g}{}", *loss, unit.empty() ? "" : " " + unit);
  if (const auto uniform = logged("uniform"))
    told += fmt::format("; equal chances for all have ln {:.0f} = {:.4g}", std::exp(*uniform), *uniform);
  if (const auto constant = logged("constant"))
    told += fmt::format("; whoever does not see the inputs has {:.4g} at best", *constant);
  if (const auto majority = logged("majority"))
    told += fmt::format(" and is right in {:.3g} %", 100 * *majority);
  return told;
}

}  // namespace training
