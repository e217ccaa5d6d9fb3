// Ho, Jain & Abbeel (2020), algorithms 1 and 2, with velocities as Salimans & Ho (2022) have them; leaps by
// Song, Meng & Ermon (2021), equation 12.
#include "generative/diffusion/ddpm.h"

#include "core/error.h"
#include "training/distributions.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Ddpm::ModelOptions::fields(core::Fields& f) {
  f.add("steps", steps, "From data to noise", {.min = 2, .max = 100000});
  f.choice("schedule", schedule,
           "How fast noise gets in: of Ho et al. (linear) or of Nichol & Dhariwal (cosine)",
           {"cosine", "linear"});
  f.choice("predict", predict, "What the net says of a row: the noise in it (eps), or the velocity (v)",
           {"eps", "v"});
  f.add("sample_steps", sample_steps, "Of these, how many a sample takes; null: all",
        {.min = 1, .max = 100000});
  f.add("eta", eta,
        "Share of the randomness that is kept on the way back: 1 for DDPM, 0 for DDIM, whose samples follow "
        "from their noise",
        {.min = 0, .max = 1});
  model.fields(f);
}

void Ddpm::Options::fields(core::Fields& f) {
  f.section("ddpm", ddpm, "The way to noise and back");
  f.section("net", net, "Layers for rows of numbers: hidden ...; for pictures a U-Net: channels ...");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are used by ddpm.condition alone");
}

void Ddpm::build(training::Build& build) {
  const ModelOptions& o = options_.ddpm;
  core::check(o.sample_steps.value_or(1) <= o.steps,
              "ddpm.sample_steps: expected at most the {} of ddpm.steps, found {}", o.steps,
              o.sample_steps.value_or(1));
  model_.build(build, o.model, options_.data, options_.net, "ddpm");
}

DiffusionModel::Loss Ddpm::loss() {
  return [this](const Tensor& x, const Tensor& classes, const Generator& noise) {
    const auto T = double(schedule_.steps());
    const Tensor share = training::uniform_noise(torch::empty({x.size(0)}, x.options()), noise);
    const Tensor t = (share * T).floor().clamp_max(T - 1).to(torch::kInt64),
                 eps = training::normal_noise(x, noise);
    const Tensor said = model_.said(schedule_.noised(x, eps, t), (t + 1).to(x.dtype()) / T, classes);
    return (said - (predicts_velocity() ? schedule_.velocity(x, eps, t) : eps)).square().mean();
  };
}

// x_0 is held within the data's range, and the noise is what leads from there to x_t: of what the net says of
// almost nothing but noise an x_0 far outside would come.
DiffusionModel::Draw Ddpm::draw() {
  return [this](const Tensor& start, const Tensor& classes, const Generator& noise) {
    const auto steps =
        sampled_steps(schedule_.steps(), options_.ddpm.sample_steps.value_or(schedule_.steps()));
    Tensor x = start;
    for (size_t i = 0; i + 1 < steps.size(); ++i) {
      const Tensor said = model_.guided(x, time(steps[i]), classes);
      const double a = schedule_.kept(steps[i]);
      const Tensor data = predicts_velocity() ? std::sqrt(a) * x - std::sqrt(1 - a) * said
                                              : (x - std::sqrt(1 - a) * said) / std::sqrt(a);
      const Tensor held = model_.scale()->held(data), eps = (x - std::sqrt(a) * held) / std::sqrt(1 - a);
      const Leap to = leap(schedule_, steps[i], steps[i + 1], options_.ddpm.eta);
      x = to.of_data * held + to.of_noise * eps;
      if (to.deviation > 0) x = x + to.deviation * training::normal_noise(x, noise);
    }
    return x;
  };
}

}  // namespace generative
