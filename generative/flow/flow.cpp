// Dinh, Sohl-Dickstein & Bengio (2017), sections 3.1-3.4, on rows of numbers.
#include "generative/flow/flow.h"

#include <fmt/ranges.h>

#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "generative/flow/autoregressive_flow.h"
#include "generative/flow/continuous_flow.h"
#include "generative/flow/coupling_flow.h"
#include "generative/flow/glow.h"
#include "generative/flow/planar_flow.h"
#include "generative/flow/radial_flow.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"
#include "training/nets/native_mlp.h"

namespace generative {

using torch::Tensor;

void Flow::ModelOptions::fields(core::Fields& f) {
  f.choice("family", family,
           "Of maps: coupling (NICE, RealNVP, splines), continuous (neural ODE), glow, iaf and maf "
           "(autoregressive, either way), planar, radial",
           {"coupling", "continuous", "glow", "iaf", "maf", "planar", "radial"});
  f.add("layers", layers, "Invertible maps, one after another; a continuous flow is one alone",
        {.min = 1, .max = 100});
  f.formerly("layers", "couplings");
  map.fields(f);
  f.section("continuous", continuous, "Of family: continuous");
}

void Flow::Options::fields(core::Fields& f) {
  f.section("flow", flow, "The invertible map");
  f.section("net", net, "Network of each layer; planar and radial layers have none");
  f.tagged("data", data.tagged(), "Rows of real numbers; labels are shown, not used");
}

static void check_rows(const training::Dataset& train, const std::string& name, bool halves) {
  const Tensor& rows = train.inputs();
  core::check(rows.dim() == 2 && rows.is_floating_point(),
              "data: '{}' has rows of shape [{}]; a flow needs rows of real numbers, pictures are discrete",
              name, fmt::join(rows.sizes().slice(1), ", "));
  core::check(!halves || rows.size(1) % 2 == 0,
              "data: '{}' has rows of {} number{}; couplings need an even number, one half maps the other",
              name, rows.size(1), rows.size(1) == 1 ? "" : "s");
}

static FlowMap map_of(training::Build& build, const Flow::ModelOptions& o, int64_t D,
                      const training::MlpOptions& net) {
  if (o.family == "continuous") return continuous_flow(D, o.continuous, net, build.stream("trace"));
  if (o.family == "glow") return glow(D, o.layers, o.map, net);
  if (o.family == "maf") return masked_autoregressive_flow(D, o.layers, o.map, net);
  if (o.family == "iaf") return inverse_autoregressive_flow(D, o.layers, o.map, net);
  if (o.family == "planar") return planar_flow(D, o.layers);
  if (o.family == "radial") return radial_flow(D, o.layers);
  return coupling_flow(D, o.layers, o.map, net);
}

void Flow::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  const std::string& family = options_.flow.family;
  check_rows(data_.train, options_.data.name, family == "coupling" || family == "glow");
  device_ = build.device();
  source_ = training::data::register_source(build, data_, options_.data);

  training::check_no_dropout(options_.net);
  map_ = map_of(build, options_.flow, data_.train.inputs().size(1), options_.net);
  std::vector<torch::nn::Module*> modules;
  for (const auto& [name, module] : map_.modules) {
    build.module(name, *module);
    modules.push_back(module.get());
  }
  using training::Direction;
  build.optimizer("flow", modules, {{"nll", "nats", "-ln p(x) of one row, mean over the batch"}});
  build.split_metric({"nll", "nats", "-ln p(x) of one row, mean", Direction::minimize});
  if (data_.entropy)
    build.split_metric({"gap", "nats", "nll minus the exact entropy of the data", Direction::minimize});
  build.score("valid/nll");
}

Tensor Flow::log_density(const Tensor& x) {
  const auto [z, log_det] = to_latent(x);
  return log_det - 0.5 * z.square().sum(1) - 0.5 * double(x.size(1)) * std::log(2 * M_PI);
}

void Flow::step(training::Step& step) {
  const Tensor x = step.next(*source_).inputs();
  if (map_.begin && step.counters().step == 0) {
    const torch::NoGradGuard no_grad;
    map_.begin(x);
  }
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
  if (!data_.window) return;
  show_plane(gallery);
  if (data_.valid.size() > 0) show_latents(gallery);
}

void Flow::show_latents(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const training::Batch rows = training::slice(data_.valid, 0, 2000, device_);
  const bool classes = !data_.valid.classes.empty() && rows.targets().defined();
  training::add_points(gallery, "latents", "Where the flow puts validation rows: a Gaussian, once it fits",
                       to_latent(rows.inputs()).y, {-4, -4, 8, 8}, classes ? rows.targets() : Tensor(),
                       classes ? data_.valid.classes : std::vector<std::string>{});
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
