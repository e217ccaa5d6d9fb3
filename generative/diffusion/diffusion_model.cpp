#include "generative/diffusion/diffusion_model.h"

#include "core/error.h"
#include "core/interrupt.h"
#include "generative/class_condition.h"
#include "generative/sample_grades.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

RowScaleImpl::RowScaleImpl(const training::Dataset& rows, bool pictures) {
  const auto add = [&](const char* name, const Tensor& value) {
    return register_buffer(name, value.clone());
  };
  if (pictures || rows.size() == 0) {  // where weights are to come there may be no data
    const Tensor one = torch::ones({pictures ? 1 : rows.inputs().size(1)});
    mean = add("mean", 0.5 * one);
    deviation = add("deviation", 0.5 * one);
    low = add("low", -one);
    high = add("high", one);
    return;
  }
  const Tensor x = rows.inputs().to(torch::kFloat32);
  mean = add("mean", x.mean(0));
  deviation = add("deviation", x.std(0, false).clamp_min(1e-6));
  low = add("low", scaled(std::get<0>(x.min(0))));
  high = add("high", scaled(std::get<0>(x.max(0))));
}

void DiffusionModel::Options::fields(core::Fields& f) {
  f.choice("condition", condition,
           "class: the net is told each row's class, so that samples of one can be asked for (atelier sample "
           "--class)",
           {"none", "class"});
  f.add("drop_class", drop_class,
        "Share of rows whose class it is not told while learning, which guidance needs",
        {.min = 0, .max = 1});
  f.add("guidance", guidance,
        "Of samples, away from what the net says without the class: (1 + w) f(class) - w f(none); 0: as "
        "learned",
        {.min = 0, .max = 1000});
  f.add("graded_samples", graded_samples,
        "Samples that an evaluation draws at most, held against as many rows", {.min = 2, .max = 1e9});
}

static void check_rows_of_numbers(const training::data::Data& data, const std::string& name,
                                  const std::string& learner) {
  const Tensor& rows = data.train.inputs();
  const bool pictures = rows.dim() == 4;
  core::check(rows.scalar_type() != torch::kInt64 && (pictures || rows.dim() == 2),
              "data: '{}' has rows of symbols or sequences; {} needs pictures or rows of numbers", name,
              learner);
  core::check(!pictures || training::data::in_unit_range(data.train),
              "data: pictures of '{}' have values outside 0..1, which {} needs", name, learner);
}

void DiffusionModel::build(training::Build& build, const Options& options,
                           const training::data::Options& data, const DenoiserOptions& net,
                           const std::string& learner) {
  options_ = options;
  data_ = training::data::load(build, data, training::data::HeldOutRows::not_needed);
  check_rows_of_numbers(data_, data.name, learner);
  if (conditional()) require_classes(data_, data.name, learner + ".condition");
  core::check(conditional() || options.guidance == 0,
              "{0}.guidance: {1} leads to a class, of which a model with {0}.condition: none knows nothing; "
              "expected 0",
              learner, options.guidance);
  core::check(options.guidance == 0 || options.drop_class > 0,
              "{}.guidance: {} needs what the net says without a class; expected a drop_class above 0",
              learner, options.guidance);
  device_ = build.device();
  source_ = training::data::register_source(build, data_, data);
  noise_ = build.stream("noise");
  const auto shape = data_.train.inputs().sizes().slice(1).vec();
  scale_ = RowScale(data_.train, shape.size() == 3);
  net_ = Denoiser(shape, conditional() ? classes() : 0, net);
  build.module("net", *net_);
  build.module("scale", *scale_);
  build.optimizer("denoiser", {net_.get()},
                  {{"mse", "", "Of what the net says of a row, mean over the batch"}});
  build.split_metric({"mse", "", "Squared error of what the net says of a row, mean over times and noise",
                      training::Direction::minimize});
  register_sample_grades(build, data_, conditional());
}

Tensor DiffusionModel::with_some_untold(const Tensor& classes) {
  const Tensor kept =
      training::uniform_noise(torch::empty(classes.sizes(), device_), noise_) >= options_.drop_class;
  return torch::where(kept, classes, torch::full_like(classes, this->classes()));
}

void DiffusionModel::step(training::Step& step, const Loss& loss) {
  const training::Batch batch = step.next(*source_);
  const Tensor classes = conditional() ? with_some_untold(batch.targets()) : Tensor();
  step.update("denoiser", {{"mse", loss(scale_->scaled(batch.inputs()), classes, noise_)}});
}

Tensor DiffusionModel::guided(const Tensor& x, double time, const Tensor& classes) {
  core::heed_signals();
  return net_->guided(x, torch::full({x.size(0)}, time, x.options()), classes, options_.guidance);
}

Tensor DiffusionModel::drawn(int64_t count, const Tensor& classes, const Generator& noise, const Draw& draw) {
  constexpr int64_t at_once = 500;
  const torch::NoGradGuard no_grad;
  auto shape = data_.train.inputs().sizes().vec();
  std::vector<Tensor> parts;
  for (int64_t done = 0; done < count; done += at_once) {
    shape[0] = std::min(at_once, count - done);
    const Tensor start = training::normal_noise(torch::empty(shape, device_), noise);
    const Tensor asked = classes.defined() ? classes.narrow(0, done, shape[0]) : classes;
    parts.push_back(scale_->back(draw(start, asked, noise)));
  }
  return torch::cat(parts);
}

void DiffusionModel::evaluate(training::Eval& eval, const Loss& loss, const Draw& draw) {
  constexpr int64_t rows = 500;
  const training::Dataset held =
      data_.part(eval.request().split, std::min(eval.request().rows, options_.graded_samples));
  double mse = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device_);
    const Tensor x = scale_->scaled(batch.inputs());
    mse += loss(x, conditional() ? batch.targets() : Tensor(), eval.generator()).item<double>() *
           double(batch.size()) / double(held.size());
  }
  eval.log_split("mse", mse);
  const Tensor asked = conditional() ? held.targets().to(device_) : Tensor();
  log_sample_grades(eval, data_, held, drawn(held.size(), asked, eval.generator(), draw), asked);
}

void DiffusionModel::sample(core::Gallery& gallery, const Draw& draw) {
  const Tensor classes =
      conditional() ? training::wished_classes(gallery, data_.train.classes).to(device_) : Tensor();
  const Tensor made =
      drawn(gallery.n, classes, training::default_generator(), draw);  // seeded by whoever asks
  if (training::are_images(made))
    training::add_images(gallery, "samples", "Pictures that the model makes of noise", made.clamp(0, 1),
                         conditional() ? std::min(this->classes(), gallery.n) : 0);
  else if (data_.window)
    training::add_points(gallery, "samples", "Points that the model makes of noise", made, *data_.window,
                         classes, conditional() ? data_.train.classes : std::vector<std::string>{});
}

}  // namespace generative
