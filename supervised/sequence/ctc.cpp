// Graves et al. (2006), with a beam instead of their prefix search.
#include "supervised/sequence/ctc.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "supervised/sequence/answers.h"
#include "supervised/sequence/ctc_loss.h"
#include "supervised/sequence/language_model.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace supervised {

using torch::Tensor;

static constexpr int64_t waves_at_once = 250;  // of a held-out part
static constexpr int64_t waves_shown = 8;
static constexpr double least_power = 1e-3;  // that is told from none

void FrameOptions::fields(core::Fields& f) {
  f.add("window", window, "Length of a frame", {.min = 4, .max = 65536, .unit = "samples"});
  f.add("hop", hop, "From the beginning of a frame to that of the next",
        {.min = 1, .max = 65536, .unit = "samples"});
  f.add("beam", beam, "How many beginnings of labels the search goes on with", {.min = 1, .max = 10000});
  f.add("bidirectional", bidirectional, "The frames are read from both ends");
}

void Ctc::Options::fields(core::Fields& f) {
  f.section("ctc", ctc, "How a wave becomes frames, and labels are searched for");
  f.section("net", net, "The recurrent layers over the frames, in each direction");
  f.tagged("data", data.tagged(), "Waves with labels in a row (tones)");
}

Tensor log_spectrum(const Tensor& waves, int64_t window, int64_t hop) {
  const Tensor swell = torch::hann_window(window, waves.options());
  const Tensor frames = waves.unfold(1, window, hop) * swell;  // [B, T, W]
  return (at::fft_rfft(frames).abs().square() + least_power).log();
}

FrameNetImpl::FrameNetImpl(int64_t symbols, const FrameOptions& frames,
                           const training::RecurrentOptions& options)
    : frames_(frames) {
  const int64_t F = frames.window / 2 + 1, D = options.width;
  forwards_ = register_module("forwards", training::Recurrent(F, options));
  if (frames.bidirectional) backwards_ = register_module("backwards", training::Recurrent(F, options));
  output_ = register_module("output", torch::nn::Linear(frames.bidirectional ? 2 * D : D, symbols));
}

Tensor FrameNetImpl::forward(const Tensor& waves) {
  const Tensor x = log_spectrum(waves, frames_.window, frames_.hop);
  training::RecurrentState nothing, nothing_yet;
  Tensor states = forwards_->forward(x, nothing);  // [B, T, D]
  if (backwards_) states = torch::cat({states, backwards_->forward(x.flip(1), nothing_yet).flip(1)}, 2);
  return output_->forward(states).log_softmax(2);
}

// The labels of each row, from 1 on: 0 is the blank.
static std::vector<Labels> labels_of(const training::Batch& batch) {
  const training::Column& column = *batch.find(training::column::labels);
  std::vector<Labels> all;
  for (int64_t row = 0; row < column.size(); ++row) {
    const Tensor labels = (column.row(row) + 1).cpu().contiguous();
    all.emplace_back(labels.data_ptr<int64_t>(), labels.data_ptr<int64_t>() + labels.numel());
  }
  return all;
}

// Frames that labels need: one each, and a blank between two that are equal.
static int64_t frames_needed(const Labels& labels) {
  int64_t needed = std::ssize(labels);
  for (size_t k = 1; k < labels.size(); ++k) needed += labels[k] == labels[k - 1];
  return needed;
}

static void require_waves(const training::data::Data& data, const std::string& name,
                          const FrameOptions& frames) {
  const Tensor& waves = data.train.inputs();
  core::check(waves.dim() == 2 && waves.is_floating_point() && !data.train.kinds.empty(),
              "data: '{}' has no waves with labels in a row; this needs them (tones)", name);
  core::check(frames.window <= waves.size(1),
              "ctc.window: expected at most the {} samples of a row, found {}", waves.size(1), frames.window);
  const int64_t T = (waves.size(1) - frames.window) / frames.hop + 1;
  for (const training::Dataset* part : {&data.train, &data.valid, &data.test})
    for (const Labels& labels : labels_of(part->rows))
      core::check(frames_needed(labels) <= T, "ctc.hop: {} frames of a row are too few for {} labels", T,
                  labels.size());
}

// What a batch leaves behind for its way back: of a frame its spectrum, and in each direction gates and
// states.
static void require_frames(const Ctc::Options& options, int64_t samples) {
  const double T = double((samples - options.ctc.window) / options.ctc.hop + 1);
  const double of_a_frame =
      2 * double(options.ctc.window) + 20 * double(options.net.width * options.net.layers);
  core::require_memory(sizeof(float) * double(options.data.batch_size) * T * of_a_frame,
                       fmt::format("ctc: {:.3g} frames of each of {} rows", T, options.data.batch_size));
}

void Ctc::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  if (data_.train.size() > 0) {
    require_waves(data_, options_.data.name, options_.ctc);
    require_frames(options_, data_.train.inputs().size(1));
  }
  device_ = build.device();
  net_ = FrameNet(1 + std::ssize(data_.train.kinds), options_.ctc, options_.net);
  register_symbols(build, data_.train.kinds, data_.train.inputs().size(1));
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("net", *net_);
  build.optimizer("net", {net_.get()},
                  {{"nll", "nats", "-ln p of the labels of a row, mean over the batch"}});
  using training::Direction;
  build.split_metric({"loss", "nats", "-ln p of the labels of a row, mean", Direction::minimize});
  build.split_metric(
      {"label_error", "",
       "Labels to insert, delete or change in what the frames say, by the most likely symbol of each, "
       "over the labels there are",
       Direction::minimize});
  build.split_metric({"beam_error", "", "The same of the labels that the search finds", Direction::minimize});
  build.split_metric(
      {"exact", "", "Share of the rows whose labels the search finds without a fault", Direction::maximize});
  build.score("valid/loss");
}

void Ctc::step(training::Step& step) {
  const auto batch = step.next(*source_);
  step.update("net", {{"nll", ctc_loss(net_->forward(batch.inputs()), labels_of(batch)).mean()}});
}

struct Ctc::Sums {
  double nll = 0, greedy = 0, beam = 0, exact = 0, labels = 0;
};

void Ctc::grade(Sums& sums, const training::Batch& batch) {
  const Tensor plain = plain_frames(net_->forward(batch.inputs()));
  const std::vector<Labels> right = labels_of(batch);
  for (size_t row = 0; row < right.size(); ++row) {
    core::heed_signals();
    const Frames frames = frames_of(plain, int64_t(row));
    const int64_t faults = edit_distance(beam_search(frames, options_.ctc.beam), right[row]);
    sums.nll -= log_likelihood(frames, right[row], nullptr);
    sums.greedy += double(edit_distance(best_path(frames), right[row]));
    sums.beam += double(faults);
    sums.exact += faults == 0;
    sums.labels += double(right[row].size());
  }
}

void Ctc::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  Sums sums;
  for (int64_t first = 0; first < held.size(); first += waves_at_once)
    grade(sums, training::slice(held, first, waves_at_once, device_));
  eval.log_split("loss", sums.nll / double(held.size()));
  eval.log_split("label_error", sums.greedy / sums.labels);
  eval.log_split("beam_error", sums.beam / sums.labels);
  eval.log_split("exact", sums.exact / double(held.size()));
}

std::string Ctc::spelled(const Labels& labels) const {
  std::vector<std::string> names;
  for (const int64_t label : labels) names.push_back(data_.train.kinds[size_t(label - 1)]);
  return fmt::format("{}", fmt::join(names, ", "));
}

void Ctc::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  if (data_.valid.size() == 0) return;
  const training::Batch rows = training::slice(data_.valid, 0, std::min(gallery.n, waves_shown), device_);
  const Tensor log_p = net_->forward(rows.inputs()), plain = plain_frames(log_p);
  const std::vector<Labels> right = labels_of(rows);
  std::string text;
  std::vector<std::string> heard;
  for (size_t row = 0; row < right.size(); ++row) {
    heard.push_back(spelled(beam_search(frames_of(plain, int64_t(row)), options_.ctc.beam)));
    text += fmt::format("played {}\nheard  {}\n", spelled(right[row]), heard.back());
  }
  gallery.text("text", "The tones of validation rows, and below them what the model hears", text);
  training::add_images(
      gallery, "frames",
      "How likely each symbol (downwards: the blank, then the tones) is at each frame (across): black "
      "is certain",
      (1 - log_p.exp().transpose(1, 2)).cpu().unsqueeze(1), 0, heard);
}

}  // namespace supervised
