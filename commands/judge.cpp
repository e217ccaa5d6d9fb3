#include "commands/judge.h"

#include <fmt/ranges.h>
#include <zlib.h>

#include <filesystem>
#include <iostream>

#include "commands/catalog.h"
#include "commands/classified.h"
#include "commands/places.h"
#include "commands/run.h"
#include "core/error.h"
#include "core/run_log.h"
#include "core/shell.h"
#include "core/shown.h"
#include "training/loop/checkpoint.h"

namespace commands {

using torch::Tensor;

// Another experiment of the same name is another judge.
static std::filesystem::path folder_of(const std::string& name, const std::string& config) {
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(config.data()), config.size());
  return std::filesystem::path("runs/.judges") / fmt::format("{}-{:08x}", name, sum);
}

static bool finished(const std::filesystem::path& folder, const std::string& config) {
  const auto best = folder / "best.h5";
  return std::filesystem::exists(best) && std::filesystem::exists(folder / "run.h5") &&
         core::RunFile(folder).attribute("status") == "finished" &&
         training::checkpoint_config(best) == config;
}

static void train(RunCommand command, const std::filesystem::path& folder) {
  std::cerr << fmt::format("training the judge {}, once; it is kept in {}\n", command.file, folder.string());
  command.out = folder;
  command.force = command.quiet = command.inner = true;
  const int code = run(command, fmt::format("atelier run {} --out {}", command.file, command.out));
  if (code != 0) throw core::Error("the judge's training was interrupted", static_cast<core::Exit>(code));
}

static Judge with_test_set(training::Session classifier, const training::data::Data& data) {
  classifier.registry.evaluate();
  const int64_t N = std::min(data.train.size(), data.test.size());
  const training::Dataset others{data.train.inputs().narrow(0, 0, N), {}, {}};
  const auto features = generative::fit(classify(classifier, data.test).features);
  const auto of_others = generative::fit(classify(classifier, others).features);
  return {std::move(classifier), data.test, features, generative::frechet(of_others, features)};
}

Judge load_judge(const std::string& file) {
  const RunCommand command{.file = file};
  auto experiment = load_experiment(command);
  const std::string config = training::resolved(experiment);
  const std::filesystem::path folder = folder_of(experiment.name, config);
  const auto data = data_of(config, "--judge " + file);
  core::check(data.test.inputs().dim() == 4, "--judge {}: its data are no pictures", file);
  if (!finished(folder, config)) {
    core::check(bool(build_session(experiment).registry.classify), "--judge {}: '{}' is no classifier", file,
                experiment.learner);
    train(command, folder);
  }
  return with_test_set(trained_session(folder, "best"), data);
}

void require_judge(const std::string& file, bool is_asked) {
  load_experiment({.file = file});
  if (!is_asked) std::cerr << fmt::format("--judge {}: not used, no run here names a judge\n", file);
}

std::string judge_of(const std::filesystem::path& run, const std::string& named, const std::string& told) {
  if (named.empty() || !told.empty()) return named.empty() ? "" : told;
  core::check(is_shipped(experiment_file(named)),
              "{}/run.h5: names the judge '{}', which is none of the shipped experiments; to train it all "
              "the same: --judge {}",
              run.string(), core::shown_start(named), core::shell_path(named));
  return named;
}

// The pictures called "samples": [N, C, H, W] in 0..1.
static Tensor samples_of(training::Session& model, const Tensor& like, uint64_t seed) {
  const int64_t N = like.size(0);
  const std::vector<int64_t> shape{N, like.size(2), like.size(3), like.size(1)};
  for (core::Picture& picture : model.sample(N, seed).pictures)
    if (picture.name == "samples" && picture.shape == shape)
      return torch::tensor(picture.data).view(shape).permute({0, 3, 1, 2}).contiguous();
  core::fail("'{}' samples no pictures of shape [{}], which the judge needs", model.experiment.name,
             fmt::join(like.sizes().slice(1), ", "));
}

const std::vector<std::string>& judge_metrics() {
  static const std::vector<std::string> names{"judge/frechet", "judge/frechet_floor", "judge/min_class_share",
                                              "judge/max_class_share"};
  return names;
}

std::map<std::string, double> judged(Judge& judge, training::Session& model, uint64_t seed) {
  const training::Dataset samples{samples_of(model, judge.test.inputs(), seed), {}, {}};
  const training::ClassifierOutput seen = classify(judge.classifier, samples);
  const Tensor counts = torch::bincount(seen.logits.argmax(1), {}, seen.logits.size(1));
  const Tensor shares = counts.to(torch::kFloat64) / double(samples.size());
  return {{"judge/frechet", generative::frechet(generative::fit(seen.features), judge.features)},
          {"judge/frechet_floor", judge.floor},
          {"judge/min_class_share", shares.min().item<double>()},
          {"judge/max_class_share", shares.max().item<double>()}};
}

}  // namespace commands
