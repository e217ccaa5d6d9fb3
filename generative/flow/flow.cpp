// Dinh, Sohl-Dickstein & Bengio (2017), sections 3.1-3.4, on rows of numbers.
#include "generative/flow/flow.h"

#include <fmt/ranges.h>

#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "generative/flow/couplings.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Tensor;

void Flow::ModelOptions::fields(core::Fields& f) {
  f.choice("coupling", coupling, "Map of each number: affine (RealNVP) or rational-quadratic spline",
           {"affine", "spline"});
  f.add("couplings", couplings, "Layers; each maps one half of the numbers, given the other, in turn",
        {.min = 2, .max = 100});
  f.add("max_log_scale", affine.max_log_scale, "Affine: one layer stretches by at most e to this power",
        {.min = 0.01, .max = 20});
  f.add("bins", spline.bins, "Spline: pieces", {.min = 2, .max = 128});
  f.add("bound", spline.bound, "Spline: half the width of the interval that it bends; the identity outside",
        {.min = 0.01});
}

void Flow::Options::fields(core::Fields& f) {
  f.section("flow", flow, "The invertible map");
  f.section("net", net, "Network of each coupling");
  f.tagged("data", data.tagged(), "Rows of an even number of real numbers; labels are not used");
}

static void check_rows(const training::Dataset& train, const std::string& name) {
  const Tensor& rows = train.inputs();
  core::check(rows.dim() == 2 && rows.is_floating_point(),
              "data: '{}' has rows of shape [{}]; a flow needs rows of real numbers, pictures are discrete",
              name, fmt::join(rows.sizes().slice(1), ", "));
  core::check(rows.size(1) % 2 == 0,
              "data: '{}' has rows of {} number{}; couplings need an even number, one half maps the other",
              name, rows.size(1), rows.size(1) == 1 ? "" : "s");
}

void Flow::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::not_needed);
  check_rows(data_.train, options_.data.name);
  device_ = build.device();
  source_ = training::data::register_source(build, data_, options_.data);

  const int64_t half = data_.train.inputs().size(1) / 2;
  const int64_t parameters = spline() ? options_.flow.spline.parameters() : AffineCoupling::parameters;
  training::check_no_dropout(options_.net);
  std::vector<torch::nn::Module*> modules;
  for (int64_t i = 0; i < options_.flow.couplings; ++i) {
    const std::string name = "coupling_" + std::to_string(i + 1);
    nets_.emplace_back(name, half, half * parameters, options_.net);
    build.module(name, *nets_.back());
    modules.push_back(nets_.back().get());
  }
  using training::Direction;
  build.optimizer("flow", modules, {{"nll", "nats", "-ln p(x) of one row, mean over the batch"}});
  build.split_metric({"nll", "nats", "-ln p(x) of one row, mean", Direction::minimize});
  if (data_.entropy)
    build.split_metric({"gap", "nats", "nll minus the exact entropy of the data", Direction::minimize});
  build.score("valid/nll");
}

FlowOutput Flow::to_latent(const Tensor& x) {
  return through_couplings(nets_.size(), x, [&](size_t i, const Tensor& pass, const Tensor& bend) {
    const Tensor raw = nets_[i]->differentiable(pass);
    return spline() ? options_.flow.spline.forward(bend, raw) : options_.flow.affine.forward(bend, raw);
  });
}

FlowOutput Flow::from_latent(const Tensor& z) {
  return back_through_couplings(nets_.size(), z, [&](size_t i, const Tensor& pass, const Tensor& bend) {
    const Tensor raw = nets_[i]->differentiable(pass);
    return spline() ? options_.flow.spline.inverse(bend, raw) : options_.flow.affine.inverse(bend, raw);
  });
}

Tensor Flow::log_density(const Tensor& x) {
  const auto [z, log_det] = to_latent(x);
  return log_det - 0.5 * z.square().sum(1) - 0.5 * double(x.size(1)) * std::log(2 * M_PI);
}

void Flow::step(training::Step& step) {
  const Tensor x = step.next(*source_).inputs();
  step.update("flow", {{"nll", -log_density(x).mean()}});
}

Tensor Flow::log_density_of_all(const Tensor& rows) {
  constexpr int64_t at_once = 1000;
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (const Tensor& part : rows.split(at_once)) {
    core::heed_signals();
    parts.push_back(log_density(part.to(device_)).to(torch::kCPU, torch::kFloat64));
  }
  return torch::cat(parts);
}

void Flow::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const double nll = -log_density_of_all(held.inputs()).mean().item<double>();
  eval.log_split("nll", nll);
  if (data_.entropy) eval.log_split("gap", nll - *data_.entropy);
}

void Flow::sample(core::Gallery& gallery) {
  if (data_.window) show_plane(gallery);
}

// Lines of a square grid over the latent plane, [lines * points, 2].
static Tensor latent_lines(double reach) {
  const Tensor along = torch::linspace(-reach, reach, 400), across = torch::linspace(-reach, reach, 13);
  const auto grid = torch::meshgrid({across, along}, "ij");
  const Tensor x = grid[0].flatten(), y = grid[1].flatten();
  return torch::cat({torch::stack({x, y}, 1), torch::stack({y, x}, 1)});
}

void Flow::show_plane(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  constexpr int64_t side = 128;
  const core::Rect window = *data_.window;
  const Tensor like = torch::empty({gallery.n, 2}, device_);
  const double temperature = gallery.request.temperature.heed().value_or(1);
  const Tensor z =
      temperature * training::normal_noise(like, training::default_generator());  // seeded by whoever asks
  training::add_points(gallery, "samples", "Points drawn from the model", from_latent(z).y, window);
  const Tensor density = log_density_of_all(training::grid_points(window, side)).exp();
  gallery.grid("density", "Density of the model", side, side, training::floats(density), window);
  training::add_points(gallery, "warp", "A square grid of the latent plane, as the flow bends it",
                       from_latent(latent_lines(3).to(device_)).y, window);
}

}  // namespace generative
