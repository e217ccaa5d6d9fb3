#include "generative/sample_grades.h"

#include "generative/class_condition.h"
#include "generative/sample_quality.h"

namespace generative {

using torch::Tensor;
using training::Direction;
using training::data::Data;

static void register_mixture_grades(training::Build& build, const Data& data) {
  build.fact("modes", data.mixture->centres.size(0));
  build.split_metric(
      {"modes", "", "Modes that have 2 % of as many samples within three deviations", Direction::maximize});
  build.split_metric({"within_3_sigma", "", "Share of as many samples within three deviations of a mode",
                      Direction::maximize});
}

void register_sample_grades(training::Build& build, const Data& data, bool told_classes) {
  build.split_metric({"sliced_wasserstein", "",
                      "Distance between the rows and as many samples, in the data's unit",
                      Direction::minimize});
  build.split_metric(
      {"one_nn_accuracy", "",
       "How often the nearest other one tells 1,000 samples from as many rows, best near 0.5"});
  if (has_classes(data)) {
    build.fact("label_classes", int64_t(data.train.classes.size()));
    build.split_metric({"classes", "",
                        "Classes that have at least a tenth of an even share of 500 samples, by the class of "
                        "each one's nearest row",
                        Direction::maximize});
  }
  if (told_classes)
    build.split_metric({"class_agreement", "",
                        "Share of 500 samples whose nearest row is of the class that was asked for",
                        Direction::maximize});
  if (data.mixture) register_mixture_grades(build, data);
  build.score("valid/sliced_wasserstein");
}

static void log_class_grades(training::Eval& eval, const training::Dataset& held, const Tensor& samples,
                             const Tensor& rows, const Tensor& asked) {
  constexpr int64_t most = 500;
  eval.log_split("classes", double(classes_met(samples, rows, held.targets(), int64_t(held.classes.size()))));
  if (!asked.defined()) return;
  const Tensor found = nearest_classes(spaced(samples, most), rows, held.targets());
  eval.log_split("class_agreement",
                 (found == spaced(asked, most).cpu()).to(torch::kFloat64).mean().item<double>());
}

void log_sample_grades(training::Eval& eval, const Data& data, const training::Dataset& held,
                       const Tensor& samples, const Tensor& asked) {
  const Tensor made = samples.flatten(1);
  const Tensor rows = training::slice(held, 0, held.size(), samples.device()).inputs().flatten(1);
  eval.log_split("sliced_wasserstein", sliced_wasserstein(made, rows, eval.generator()));
  eval.log_split("one_nn_accuracy", one_nn_accuracy(made, rows));
  if (has_classes(data)) log_class_grades(eval, held, made, rows, asked);
  if (!data.mixture) return;
  const Coverage met = coverage(made, *data.mixture);
  eval.log_split("modes", double(met.modes));
  eval.log_split("within_3_sigma", met.within);
}

}  // namespace generative
