// What classes and numbers have in common.
#include "supervised/task.h"

#include <fmt/ranges.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace supervised {

void TaskOptions::fields(core::Fields& f) {
  f.add("label_smoothing", label_smoothing,
        "Share of each label spread evenly over all classes; 0 where numbers are learned",
        {.min = 0, .max = 1});
  f.add("mixup", mixup,
        "Each batch is mixed with itself in another order, by a share that is drawn from Beta(mixup, mixup) "
        "(Zhang et al. 2018); 0: it is not",
        {.min = 0, .max = 100});
}

void BackendTaskOptions::fields(core::Fields& f) {
  TaskOptions::fields(f);
  backend.fields(f);
}

void check_pictures(const torch::Tensor& rows, const std::string& name, const std::string& learner) {
  core::check(rows.dim() == 4, "data: '{}' has rows of shape [{}]; {} needs pictures [C, H, W]", name,
              fmt::join(rows.sizes().slice(1), ", "), learner);
}

static void check_kind(const training::data::Data& data, const std::string& name, RowKind kind) {
  if (kind == RowKind::words)
    core::check(!data.words.empty(),
                "data: '{}' has no texts; a classifier of texts needs them (reviews, texts)", name);
  else
    core::check(data.words.empty(),
                "data: '{}' has texts, rows of words; text_classifier reads them, this does not", name);
}

const torch::Tensor& Task::load(training::Build& build, const training::data::Options& data,
                                const TaskOptions& options, RowKind kind) {
  data_ = training::data::load(build, data, training::data::HeldOutRows::shown);
  check_kind(data_, data.name, kind);
  const torch::Tensor& targets = data_.train.targets();
  if (targets.defined() && targets.is_floating_point())
    kind_.emplace<Regression>(data_, data.name, options.label_smoothing);
  else
    kind_.emplace<Classification>(build, data_, data.name, options.label_smoothing);
  device_ = build.device();
  mixup_ = options.mixup;
  if (mixup_ > 0) mixup_stream_ = build.stream("mixup");
  source_ = training::data::register_source(build, data_, data);
  return data_.train.inputs();
}

void Task::learns(training::Build& build, torch::nn::Module& net, training::Classifier answer,
                  std::shared_ptr<OwnNet> own) {
  core::check(!own || mixup_ == 0, "mixup: our own backends have none, expected 0, found {}", mixup_);
  own_ = std::move(own);
  if (own_) answer = [own = own_](const torch::Tensor& inputs) { return own->answer(inputs); };
  learns_together(build, net, [answer = std::move(answer)](const torch::Tensor& inputs) {
    return std::vector{answer(inputs)};
  });
}

void Task::learns_together(training::Build& build, torch::nn::Module& nets, Members members) {
  register_nets(build, nets, std::move(members),
                [&](const auto& terms) { build.optimizer("net", {&nets}, terms); });
}

void Task::fits(training::Build& build, torch::nn::Module& net, training::Classifier answer) {
  core::check(!data_.endless,
              "data.endless: what is fitted to all rows at once needs an end of them, expected false");
  core::check(mixup_ == 0, "mixup: a fit to all rows at once has none, expected 0, found {}", mixup_);
  const auto alone = [answer = std::move(answer)](const torch::Tensor& inputs) {
    return std::vector{answer(inputs)};
  };
  register_nets(build, net, alone, [&](const auto& terms) { build.update("net", terms); });
}

void Task::register_nets(training::Build& build, torch::nn::Module& nets, Members members,
                         const std::function<void(const std::vector<training::MetricSpec>&)>& update) {
  members_ = std::move(members);
  build.module("net", nets);
  const auto answer = [this](const torch::Tensor& inputs) { return together(inputs); };
  std::visit(
      [&](auto& kind) {
        update(kind.terms());
        kind.register_metrics(build, answer);
      },
      kind_);
}

training::Batch Task::all_rows() const {
  return training::gather(data_.train, torch::arange(data_.train.size()), device_);
}

torch::Tensor Task::wanted_outputs() const {
  return std::visit([&](const auto& kind) { return kind.wanted(data_.train.targets()); }, kind_);
}

void Task::fitted(training::Step& step) const {
  const torch::Tensor outputs = all_outputs(data_.train.rows);
  std::visit([&](const auto& kind) { kind.fitted(step, outputs, data_.train.targets()); }, kind_);
}

training::ClassifierOutput Task::together(const torch::Tensor& inputs) const {
  const auto members = members_(inputs);
  if (members.size() == 1) return members[0];
  std::vector<torch::Tensor> outputs, features;
  for (const auto& member : members) {
    outputs.push_back(member.logits);
    features.push_back(member.features);
  }
  return {std::visit([&](const auto& kind) { return kind.together(outputs); }, kind_),
          torch::cat(features, 1)};  // [B, K], [B, members F]
}

int64_t Task::outputs() const {
  return std::visit([](const auto& kind) { return kind.outputs(); }, kind_);
}

void Task::learn(training::Step& step, const training::Batch& batch) const {
  if (own_)
    return std::visit([&](const auto& kind) { kind.learn_by(*own_, step, batch.inputs(), batch.targets()); },
                      kind_);
  const Mixed mixed(batch, mixup_, mixup_stream_);
  std::vector<torch::Tensor> outputs;
  for (const auto& member : members_(mixed.inputs)) outputs.push_back(member.logits);
  std::visit([&](const auto& kind) { kind.learn(step, outputs, mixed); }, kind_);
}

training::Batch Task::seen(const training::Batch& batch) const {
  return own_sizes_ ? training::data::at_own_size(batch) : batch;
}

// In order: [M, K] on the CPU.
torch::Tensor Task::all_outputs(const training::Batch& rows) const {
  constexpr int64_t at_once = 1000;
  const torch::NoGradGuard no_grad;
  training::Batch wanted(rows.inputs());
  if (own_sizes_) wanted.set(training::column::sides, rows[training::column::sides]);
  const training::Dataset set(wanted);
  std::vector<torch::Tensor> parts, places;
  for (const torch::Tensor& group : training::data::rows_by_side(set.rows))
    for (int64_t first = 0; first < group.size(0); first += at_once) {
      core::heed_signals();
      places.push_back(group.slice(0, first, std::min(first + at_once, group.size(0))));
      const training::Batch batch = seen(training::gather(set, places.back(), device_));
      parts.push_back(together(batch.inputs()).logits.to(torch::kCPU));
    }
  const torch::Tensor outputs = torch::cat(parts);
  return own_sizes_ ? torch::empty_like(outputs).index_copy_(0, torch::cat(places), outputs) : outputs;
}

void Task::evaluate(training::Eval& eval) const {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const torch::Tensor outputs = all_outputs(held.rows);
  std::visit([&](const auto& kind) { kind.evaluate(eval, outputs, held); }, kind_);
}

void Task::sample(core::Gallery& gallery) const {
  constexpr int64_t side = 64;
  const auto show = [&](const auto& kind) {
    if (data_.valid.size() > 0) kind.show(gallery, all_outputs(data_.valid.rows), data_.valid);
    if (!data_.window) return;
    const torch::Tensor points = training::grid_points(*data_.window, side);
    kind.show_plane(gallery, all_outputs(training::Batch(points)), side, *data_.window);
  };
  std::visit(show, kind_);
}

}  // namespace supervised
