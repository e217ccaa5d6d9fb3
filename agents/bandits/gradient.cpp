#include "agents/bandits/gradient.h"

namespace agents {

void GradientRule::Options::fields(core::Fields& own) {
  own.add("learning_rate", learning_rate, "Step size of the preferences",
          {.min = 0, .max = 1e3, .above = true});
  own.add("baseline", baseline, "What counts of a reward is how far it is above the mean of all before it");
}

GradientRule::GradientRule(int64_t arms, const Options& options, training::Build& b)
    : options_(options), preferences_(std::vector<int64_t>{arms}, 0), choice_(arms) {
  b.module("preferences", *preferences_);
  b.state("baseline", [this](core::Archive& archive) {
    archive("mean", mean_);
    archive("pulls", pulls_);
  });
}

void gradient_step(std::span<double> preferences, std::span<const double> pi, int64_t arm, double scale) {
  for (size_t x = 0; x < preferences.size(); ++x) preferences[x] -= scale * pi[x];
  preferences[static_cast<size_t>(arm)] += scale;
}

double GradientRule::learn(int64_t arm, double reward) {
  const double expected = pulls_ > 0 ? mean_ : reward;
  gradient_step(preferences_->cells(), values(), arm,
                options_.learning_rate * (reward - (options_.baseline ? expected : 0)));
  mean_ += (reward - mean_) / ++pulls_;
  return reward - expected;
}

}  // namespace agents
